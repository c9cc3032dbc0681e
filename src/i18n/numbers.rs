//! Numbers as the language prints them: `Intl` in the browser (ECMA-402).

use haidang_engine::lang::Lang;

/// A file's size in steps of 1,000, to a tenth from MB on.
pub fn size(lang: &Lang, bytes: u64) -> String {
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    let mut value = f64::from(u32::try_from(bytes / 100).unwrap_or(u32::MAX)) / 10.0;
    let mut unit = "kB";
    for next in UNITS.iter().skip(1) {
        if value < 1000.0 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    let rounded = if unit == "kB" { value.ceil() } else { (value * 10.0).round() / 10.0 };
    format!("{}\u{a0}{unit}", format(lang, rounded))
}

/// The CLDR plural category of a count.
#[cfg(target_arch = "wasm32")]
pub fn plural(lang: &Lang, count: u32) -> String {
    let locales = js_sys::Array::of1(&lang.as_str().into());
    let rules = js_sys::Intl::PluralRules::new(&locales, &js_sys::Object::new());
    rules.select(f64::from(count)).into()
}

/// A number with the language's separators.
#[cfg(target_arch = "wasm32")]
pub fn format(lang: &Lang, number: f64) -> String {
    js_sys::Number::from(number).to_locale_string(lang.as_str()).into()
}

/// The CLDR plural category of a count, for the portal's five languages.
#[cfg(not(target_arch = "wasm32"))]
pub fn plural(lang: &Lang, count: u32) -> String {
    if lang.primary() == "en" && count == 1 { "one" } else { "other" }.to_owned()
}

/// A number with the language's separators.
#[cfg(not(target_arch = "wasm32"))]
pub fn format(lang: &Lang, number: f64) -> String {
    let (group, point) = if lang.primary() == "vi" { ('.', ',') } else { (',', '.') };
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_round() {
        let vi = Lang::parse("vi").unwrap();
        assert_eq!(size(&vi, 900), "1\u{a0}kB");
        assert_eq!(size(&vi, 48_123), "49\u{a0}kB");
        assert_eq!(size(&vi, 1_432_000), "1,4\u{a0}MB");
        assert_eq!(size(&Lang::ENGLISH, 2_500_000_000), "2.5\u{a0}GB");
    }
}
