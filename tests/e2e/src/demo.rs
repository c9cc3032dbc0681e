//! What the demo portal holds, by name: ids of `server/demo`, and one address of every kind of page.

/// The languages of the portal, as in addresses, and what goes into `lang`.
pub const LANGUAGES: [(&str, &str); 5] =
    [("vi", "vi"), ("en", "en"), ("zh", "zh-Hans"), ("ja", "ja"), ("ko", "ko")];

/// Leads the front page, in five languages, with 300 comments.
pub const STORM: &str = "bao-so-9";
/// The long one, in five languages, with tables, notes and citations.
pub const DECADE: &str = "muoi-nam-so-thong-tin-va-truyen-thong";
/// In Vietnamese only.
pub const VIETNAMESE_ONLY: &str = "truong-hoc-so";
/// In English only.
pub const ENGLISH_ONLY: &str = "foreign-residents-guide";
/// In Vietnamese and English; its thread is open.
pub const NOODLES: &str = "banh-da-cua";
/// Its English version is a machine's.
pub const MACHINE: &str = "trung-tam-dieu-hanh-thong-minh";
/// Its Korean version is older than the original.
pub const OUTDATED: &str = "tau-hoa-ha-noi-hai-phong";
/// Corrected after publication.
pub const CORRECTED: &str = "dau-thu-truyen-hinh-ho-ngheo";
/// Taken back.
pub const WITHDRAWN: &str = "gia-nuoc-sach-thong-tin-sai";
/// Its thread is closed.
pub const CLOSED: &str = "khu-cong-nghiep-sinh-thai";
/// Has a file attached, and no picture.
pub const ATTACHED: &str = "chi-thi-phong-chong-bao";
/// The resolution that articles cite.
pub const RESOLUTION: &str = "nq-10-2013";

/// An address of every kind of page in a language, relative to the portal's base.
pub fn pages(lang: &str) -> Vec<String> {
    let pages = [
        "",
        "section/news",
        "section/directives",
        "tag/cang-bien",
        "author/van-hoa",
        &format!("article/{STORM}"),
        &format!("article/{DECADE}"),
        &format!("article/{OUTDATED}"),
        &format!("article/{CORRECTED}"),
        &format!("article/{WITHDRAWN}"),
        &format!("article/{CLOSED}"),
        &format!("article/{VIETNAMESE_ONLY}"),
        &format!("article/{ATTACHED}"),
        "search",
        "search?q=H%E1%BA%A3i",
        "search?q=qqqq",
        "documents",
        "documents?year=2026",
        &format!("documents/{RESOLUTION}"),
        "press",
        "settings",
        "nowhere",
    ];
    pages.into_iter().map(|page| format!("{lang}/{page}")).collect()
}
