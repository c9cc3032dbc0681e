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

/// What an element tells the page around.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told<'a> {
    /// The first comments of its thread are there, or did not come.
    Here {
        /// Whether they came.
        came: bool,
    },
    /// The comment of this id, of the reader's, has been taken.
    Posted(&'a str),
}

type Obeys = Box<dyn Fn(Wish)>;
type Tells = Box<dyn Fn(Told<'_>)>;

/// The page around an element.
#[derive(Clone)]
pub struct Host(SendWrapper<Rc<Inner>>);

struct Inner {
    tells: Tells,
    obeys: RefCell<Option<Obeys>>,
    /// What was wished before anybody could obey.
    wished: RefCell<Option<Wish>>,
}

impl Host {
    /// A page that is told things with `tells`.
    pub fn new(tells: impl Fn(Told<'_>) + 'static) -> Self {
        let inner =
            Inner { tells: Box::new(tells), obeys: RefCell::default(), wished: RefCell::default() };
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

    /// Tells the page something.
    pub fn tell(&self, told: Told<'_>) {
        (self.0.tells)(told);
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
