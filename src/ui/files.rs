//! Files to download, with type and size.

use haidang_engine::model::File;

use crate::{
    i18n::I18n,
    view::{View, el},
};

/// A list of files.
pub fn files(i18n: I18n, files: &[File]) -> View {
    let items = files.iter().map(|file| {
        let kind = file.media_type.as_deref().map(kind_of);
        let size = file.size.map(|bytes| i18n.size(bytes));
        let about: Vec<String> = kind.into_iter().chain(size).collect();
        let about =
            (!about.is_empty()).then(|| el("small").child(format!("({})", about.join(", "))));
        let link =
            el("a").attr("href", file.url.clone()).attr("download", "").child(file.title.clone());
        el("li").child(link).child(" ").child(about)
    });
    el("ul").class("file-list").attr("role", "list").child(items.collect::<View>()).into()
}

/// `application/pdf` is `PDF` to a reader.
fn kind_of(media_type: &str) -> String {
    let (_, subtype) = media_type.rsplit_once('/').unwrap_or(("", media_type));
    subtype.rsplit('.').next().unwrap_or(subtype).to_uppercase()
}
