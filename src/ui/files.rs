//! Files to download, with type and size.

use haidang_engine::model::File;

use crate::{
    i18n::I18n,
    view::{View, el},
};

/// A list of files; `lang` is the language of their titles, where it is not that around them.
pub fn files(i18n: I18n, files: &[File], lang: Option<String>) -> View {
    let items = files.iter().map(|file| {
        let kind = kind_of(&file.url, file.media_type.as_deref());
        let size = file.size.map(|bytes| i18n.size(bytes));
        let about: Vec<String> = kind.into_iter().chain(size).collect();
        let about =
            (!about.is_empty()).then(|| el("small").child(format!("({})", about.join(", "))));
        let link = el("a")
            .attr("href", file.url.clone())
            .attr("download", "")
            .attr("lang", lang.clone())
            .child(file.title.clone());
        el("li").child(link).child(" ").child(about)
    });
    el("ul").class("file-list").attr("role", "list").child(items.collect::<View>()).into()
}

/// `application/pdf` is `PDF` to a reader, and so is `…/quyet-dinh.pdf`; the media types of office files
/// end in words that say nothing.
fn kind_of(url: &str, media_type: Option<&str>) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let subtype = || {
        let (_, subtype) = media_type?.rsplit_once('/')?;
        Some(subtype.rsplit('.').next().unwrap_or(subtype))
    };
    Some(ending.or_else(subtype)?.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn a_file_is_called_by_the_end_of_its_address_else_by_its_type() {
        const WORD: &str =
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let kind = |url, media_type| kind_of(url, media_type).unwrap_or_default();
        assert_eq!(kind("files/quyet-dinh.docx?v=1", Some(WORD)), "DOCX");
        assert_eq!(kind("https://x.example/a.xlsx#1", None), "XLSX");
        assert_eq!(kind("https://x.example/download?id=7", Some("application/pdf")), "PDF");
        assert_eq!(kind("https://x.example/v1.0-final", Some("application/pdf")), "PDF");
        assert_eq!(kind_of("https://x.example/a", None), None);
    }
}
