//! What an element and the page around it tell each other. A context: on the portal itself there is none.

use std::{cell::RefCell, rc::Rc};

use send_wrapper::SendWrapper;

/// What the page around wants of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// To ask for what is new.
    Refresh,
    /// To go to the comment of this id.
    Show(String),
}

type Obeys = Box<dyn Fn(Wish)>;
type Tells = Box<dyn Fn(&str)>;

/// The page around an element.
#[derive(Clone)]
pub struct Host(SendWrapper<Rc<Inner>>);

struct Inner {
    posted: Tells,
    obeys: RefCell<Option<Obeys>>,
    /// What was wished before anybody could obey.
    wished: RefCell<Option<Wish>>,
}

impl Host {
    /// A page that is told with `posted` the id of each comment the reader has written.
    pub fn new(posted: impl Fn(&str) + 'static) -> Self {
        let inner = Inner {
            posted: Box::new(posted),
            obeys: RefCell::default(),
            wished: RefCell::default(),
        };
        Self(SendWrapper::new(Rc::new(inner)))
    }

    /// From now on `obeys` does what the page wishes, and what it has wished last.
    pub fn obey(&self, obeys: impl Fn(Wish) + 'static) {
        if let Some(wish) = self.0.wished.take() {
            obeys(wish);
        }
        *self.0.obeys.borrow_mut() = Some(Box::new(obeys));
    }

    /// Nobody does what the page wishes until somebody else [obeys](Self::obey).
    pub fn rest(&self) {
        self.0.obeys.take();
    }

    /// The page wishes something; it is done once there is somebody to do it.
    pub fn wish(&self, wish: Wish) {
        match &*self.0.obeys.borrow() {
            Some(obeys) => obeys(wish),
            None => *self.0.wished.borrow_mut() = Some(wish),
        }
    }

    /// A comment of the reader's has been taken.
    pub fn posted(&self, id: &str) {
        (self.0.posted)(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wished_early_is_done_once_somebody_obeys() {
        let host = Host::new(|_| {});
        host.wish(Wish::Refresh);
        host.wish(Wish::Show("7".to_owned()));
        let done = Rc::new(RefCell::new(Vec::new()));
        let doing = done.clone();
        host.obey(move |wish| doing.borrow_mut().push(wish));
        host.wish(Wish::Refresh);
        assert_eq!(*done.borrow(), [Wish::Show("7".to_owned()), Wish::Refresh]);
        host.rest();
        host.wish(Wish::Show("8".to_owned()));
        assert_eq!(done.borrow().len(), 2);
        let doing = done.clone();
        host.obey(move |wish| doing.borrow_mut().push(wish));
        assert_eq!(done.borrow().last(), Some(&Wish::Show("8".to_owned())));
    }
}
