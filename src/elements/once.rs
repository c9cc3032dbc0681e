//! What several elements need is asked for once: whoever comes while it is on its way waits for it too.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use futures::channel::oneshot;

/// Things by name. What could not be had is asked for again by who comes next.
pub struct Once<T>(RefCell<HashMap<String, State<T>>>);

enum State<T> {
    Coming(Vec<oneshot::Sender<Result<Rc<T>, String>>>),
    Here(Rc<T>),
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> Once<T> {
    /// What has this name; `ask` gets it the first time.
    pub async fn get(
        &self,
        name: &str,
        ask: impl Future<Output = Result<T, String>>,
    ) -> Result<Rc<T>, String> {
        let coming = match self.0.borrow_mut().get_mut(name) {
            Some(State::Here(here)) => return Ok(Rc::clone(here)),
            Some(State::Coming(waiting)) => {
                let (told, coming) = oneshot::channel();
                waiting.push(told);
                Some(coming)
            }
            None => None,
        };
        if let Some(coming) = coming {
            return coming.await.unwrap_or_else(|_| Err("nobody asks any more".to_owned()));
        }
        self.0.borrow_mut().insert(name.to_owned(), State::Coming(Vec::new()));
        let answer = ask.await.map(Rc::new);
        let waiting = match &answer {
            Ok(here) => self.0.borrow_mut().insert(name.to_owned(), State::Here(Rc::clone(here))),
            Err(_) => self.0.borrow_mut().remove(name),
        };
        if let Some(State::Coming(waiting)) = waiting {
            for told in waiting {
                // Who waited may be gone.
                let _ = told.send(answer.clone());
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::future::join;

    use super::*;

    #[test]
    fn who_comes_meanwhile_waits_for_the_same_answer() {
        let once = Once::default();
        let asked = Cell::new(0);
        let (go, gate) = oneshot::channel::<()>();
        let ask = async {
            asked.set(asked.get() + 1);
            let _ = gate.await;
            Ok(7)
        };
        let second = async {
            let waits = once.get("a", async { Err("asked twice".to_owned()) });
            let _ = go.send(());
            waits.await
        };
        let (first, second) = pollster(join(once.get("a", ask), second));
        assert_eq!((first.map(|it| *it), second.map(|it| *it)), (Ok(7), Ok(7)));
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn what_failed_is_asked_for_again() {
        let once = Once::default();
        assert!(pollster(once.get("a", async { Err("away".to_owned()) })).is_err());
        assert_eq!(pollster(once.get("a", async { Ok(1) })).map(|it| *it), Ok(1));
    }

    /// Runs what never sleeps.
    fn pollster<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for _ in 0..100 {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
        panic!("it sleeps");
    }
}
