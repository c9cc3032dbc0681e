//! Numbers as people write them: decimal and exact.
//!
//! Not `f64`: `serde_json` keeps numbers as text in the browser so that a first visit does not pay for
//! the tables of floating point, ids of 17 digits stay what they are, and 0.1 + 0.2 is 0.3.

use std::fmt;

use serde_json::{Number, Value};

use crate::json;

/// Digits kept after the point.
const DIGITS: u32 = 9;
const ONE: i128 = 1_000_000_000;

/// A number, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

impl Decimal {
    /// A whole number.
    pub fn of(whole: i64) -> Self {
        Self(i128::from(whole) * ONE)
    }

    /// The number a count is.
    pub fn count(count: usize) -> Self {
        Self::of(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A number of JSON; `None` if it has more than 29 digits before the point.
    pub fn from_json(number: &Number) -> Option<Self> {
        match number.as_i64() {
            Some(whole) => Some(Self::of(whole)),
            None => Self::parse(&number.to_string()),
        }
    }

    /// A number as JSON writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let shift = i32::try_from(DIGITS).ok()? + exponent - i32::try_from(fraction.len()).ok()?;
        let all = [whole, fraction].concat();
        let all = all.trim_start_matches('0');
        let value = match u32::try_from(shift) {
            Ok(_) if all.is_empty() => 0,
            Ok(up) => all.parse::<i128>().ok()?.checked_mul(10i128.checked_pow(up)?)?,
            // What is smaller than a billionth is cut off.
            Err(_) => {
                let cut = usize::try_from(shift.unsigned_abs()).ok()?;
                let kept = all.len().saturating_sub(cut);
                all.get(..kept).filter(|kept| !kept.is_empty()).map_or(Ok(0), str::parse).ok()?
            }
        };
        Some(Self(if digits.len() < mantissa.len() { -value } else { value }))
    }

    /// As JSON.
    pub fn into_value(self) -> Value {
        json::parse(&self.to_string()).unwrap_or_default()
    }

    /// The sum, kept within bounds.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Divided by a count; 0 is taken for 1.
    pub fn over(self, count: usize) -> Self {
        Self(self.0 / i128::try_from(count.max(1)).unwrap_or(1))
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// The greatest whole number that is not greater.
    pub fn floor(self) -> Self {
        Self(self.0.div_euclid(ONE).saturating_mul(ONE))
    }

    /// The least whole number that is not less.
    pub fn ceil(self) -> Self {
        Self(self.0.saturating_neg()).floor().negated()
    }

    fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// Thousandths, cut off: milliseconds of seconds.
    pub fn thousandths(self) -> Option<i64> {
        i64::try_from(self.0.div_euclid(ONE / 1000)).ok()
    }

    /// The whole number it is, if it is one.
    pub fn whole(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let fraction = format!("{:09}", value % one);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", value / one),
            fraction => write!(f, "{sign}{}.{fraction}", value / one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_json_writes_them() {
        for (text, printed) in [
            ("0", "0"),
            ("-0.5", "-0.5"),
            ("1795397429.4653478", "1795397429.4653478"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("1e-12", "0"),
            ("12345678901234567890", "12345678901234567890"),
            ("0.00", "0"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), printed, "{text}");
        }
        for text in ["", "-", "x", "1.2.3", "1e99", ".5", "１"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn parts_are_rounded_down_and_up() {
        let half = Decimal::parse("-1.5").unwrap();
        assert_eq!(half.floor(), Decimal::of(-2));
        assert_eq!(half.ceil(), Decimal::of(-1));
        assert_eq!(half.thousandths(), Some(-1500));
        assert_eq!(half.whole(), None);
    }

    proptest! {
        #[test]
        fn every_whole_number_survives_printing(whole: i64) {
            let number = Decimal::of(whole);
            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
            prop_assert_eq!(number.whole(), Some(whole));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9.eE]{0,60}") {
            let _ = Decimal::parse(&text);
        }
    }
}
