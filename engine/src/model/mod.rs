//! What a portal publishes, as plain data: the shapes of the native API and of every page.
//!
//! Natively the types carry `serde` and `schemars` derives, from which the server answers and
//! describes itself; in the browser they are read by [`crate::read`].

mod article;
mod comment;
mod document;
mod list;
mod notice;
mod organisation;

pub use article::{
    Article, Author, Body, BodyFormat, Citation, Correction, File, Headline, Image, ImageSize, Key,
    Term, Version, VersionKind, Withdrawal, Withdrawn,
};
pub use comment::{
    Badge, Comment, CommentCount, CommentState, Identity, NewComment, ThreadPage, ThreadRules,
};
pub use document::{Document, DocumentEntry, DocumentKind, DocumentRef, DocumentStatus, Register};
pub use list::{Front, FrontSection, Page};
pub use notice::{Notice, NoticeLevel};
pub use organisation::{Briefing, Organisation, OrganisationKind, Press, Spokesperson};

/// Declares a unit-only enum with its wire name (kebab-case), reading it leniently: a name that is
/// not known reads as the first variant, so a newer server does not break an older reader.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[cfg_attr(
            not(target_arch = "wasm32"),
            derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)
        )]
        pub enum $name {
            $(
                $(#[$vmeta])*
                #[cfg_attr(not(target_arch = "wasm32"), serde(rename = $wire))]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire and in addresses.
            pub fn wire(self) -> &'static str {
                match self { $(Self::$variant => $wire),+ }
            }

            /// The value of a wire name.
            pub fn from_wire(name: &str) -> Option<Self> {
                match name { $($wire => Some(Self::$variant),)+ _ => None }
            }
        }

        impl $crate::read::Read for $name {
            fn read(node: $crate::read::Node<'_>) -> Result<Self, $crate::read::ReadError> {
                match node.opt::<String>()? {
                    None => Ok(Self::default()),
                    Some(name) => Ok(Self::from_wire(&name).unwrap_or_else(|| {
                        node.note(&format!("\"{name}\" is not a value known here"));
                        Self::default()
                    })),
                }
            }
        }
    };
}
use wire_enum;

/// Declares a record and how it is read: each field by its wire name, required unless marked
/// `opt` (an `Option`, absent or null is `None`), `or` (absent or null is the default), `list`, or, for
/// addresses, `url` and `opt_url`.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $how:ident $field:ident : $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(
            not(target_arch = "wasm32"),
            derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)
        )]
        pub struct $name {
            $(
                $(#[$fmeta])*
                pub $field: $ty,
            )*
        }

        impl $crate::read::Read for $name {
            fn read(node: $crate::read::Node<'_>) -> Result<Self, $crate::read::ReadError> {
                let object = node.object()?;
                Ok(Self { $($field: record!(@ $how object, stringify!($field)),)* })
            }
        }
    };
    (@ req $object:ident, $key:expr) => { $object.field($key)? };
    (@ opt $object:ident, $key:expr) => { $object.opt_field($key) };
    (@ or $object:ident, $key:expr) => { $object.field_or_default($key) };
    (@ url $object:ident, $key:expr) => { $object.url_field($key)? };
    (@ opt_url $object:ident, $key:expr) => { $object.opt_url_field($key) };
    (@ list $object:ident, $key:expr) => { $object.list_field($key) };
}
use record;
