//! How the parts of portal.json and of profiles are declared: types, and how they are read, in one.

use crate::read::{Node, Read, ReadError};

/// Declares a part of the configuration: like a record of the model, but a key that is not known is
/// noted, and one that is wrong is an error rather than left out.
macro_rules! config {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $how:ident $field:ident : $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(
            not(target_arch = "wasm32"),
            derive(schemars::JsonSchema),
            schemars(transform = Self::require)
        )]
        pub struct $name {
            $(
                $(#[$fmeta])*
                pub $field: $ty,
            )*
        }

        #[cfg(not(target_arch = "wasm32"))]
        impl $name {
            /// What may be left out is not required.
            fn require(schema: &mut schemars::Schema) {
                let required: &[Option<&str>] = &[$(config!(? $how stringify!($field))),*];
                schema.insert("required".into(), required.iter().flatten().copied().collect());
            }
        }

        impl Read for $name {
            fn read(node: Node<'_>) -> Result<Self, ReadError> {
                let object = node.object()?;
                object.warn_unknown(&[$(stringify!($field)),*]);
                Ok(Self { $($field: config!(@ $how object, stringify!($field)),)* })
            }
        }
    };
    (@ req $object:ident, $key:expr) => { $object.all_or_none($object.field($key)) };
    (@ opt $object:ident, $key:expr) => { $object.all_or_none($object.strict_field($key)) };
    (@ or $object:ident, $key:expr) => {
        $object.all_or_none($object.strict_field($key)).unwrap_or_default()
    };
    (@ list $object:ident, $key:expr) => { $object.all_or_none($object.strict_list($key)) };
    // Not of the file: it is found out.
    (@ own $object:ident, $key:expr) => { Default::default() };
    (@ some $object:ident, $key:expr) => { $object.all_or_none($object.strict_list($key)) };
    (? req $key:expr) => { Some($key) };
    (? some $key:expr) => { Some($key) };
    (? $how:ident $key:expr) => { None };
}
pub(super) use config;

/// A table with keys of the author's choice, in the order of the keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// What `key` names.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Its keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

impl<T: Read> Read for Named<T> {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        node.strict_table().map(Self)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Named<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Named{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": item })
    }
}
