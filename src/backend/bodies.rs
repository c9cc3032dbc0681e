//! The bodies that were read last: going back and forth, or from one language to another, reads none of them again.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use haidang_engine::{content::Content, lang::Lang, profile::Portal};

use super::{Kept, Loader};

/// How many are remembered.
const CAPACITY: usize = 6;

/// What a body says, and what that was read from: an answer, for a portal's readers of a language.
struct Read {
    answer: Rc<Kept>,
    portal: Arc<Portal>,
    lang: Lang,
    content: Arc<Content>,
}

thread_local! {
    /// The last one last.
    static READ: RefCell<Vec<Read>> = RefCell::default();
}

impl Read {
    fn is_of(&self, loader: &Loader, answer: &Rc<Kept>) -> bool {
        Rc::ptr_eq(&self.answer, answer)
            && Arc::ptr_eq(&self.portal, &loader.portal)
            && self.lang == loader.lang
    }
}

/// What was read of the last answer that `loader` got, if it is remembered.
pub fn remembered(loader: &Loader) -> Option<Arc<Content>> {
    let answer = loader.answers().pop()?;
    READ.with_borrow(|all| {
        Some(all.iter().find(|read| read.is_of(loader, &answer))?.content.clone())
    })
}

/// Remembers what was read of the last answer that `loader` got.
pub fn remember(loader: &Loader, content: &Arc<Content>) {
    let Some(answer) = loader.answers().pop() else { return };
    let (portal, lang) = (loader.portal.clone(), loader.lang.clone());
    READ.with_borrow_mut(|all| {
        if all.len() >= CAPACITY {
            all.remove(0);
        }
        all.push(Read { answer, portal, lang, content: content.clone() });
    });
}
