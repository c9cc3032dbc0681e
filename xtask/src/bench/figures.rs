//! Figures: what was measured, their medians, and the budgets they are held against.

use serde_json::{Value, json};

/// One thing measured several times, in milliseconds.
pub struct Sample {
    /// What was measured.
    pub name: &'static str,
    milliseconds: Vec<f64>,
}

impl Sample {
    /// Nothing measured yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, milliseconds: Vec::new() }
    }

    /// Adds a measurement.
    pub fn take(&mut self, milliseconds: f64) {
        self.milliseconds.push(milliseconds);
    }

    /// The one in the middle, or between the two there; 0 if nothing was measured.
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        if sorted.len().is_multiple_of(2) {
            f64::midpoint(at(middle.saturating_sub(1)), at(middle))
        } else {
            at(middle)
        }
    }

    /// The least and the most.
    pub fn range(&self) -> (f64, f64) {
        let sorted = self.sorted();
        let end = |value: Option<&f64>| value.copied().unwrap_or_default();
        (end(sorted.first()), end(sorted.last()))
    }

    /// For bench.json.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "median_ms": self.median(), "ms": self.milliseconds })
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

/// What a figure may be at most.
pub struct Budget {
    /// What is held to it.
    pub name: &'static str,
    /// The most it may be.
    pub limit: f64,
    /// What it is.
    pub found: f64,
    /// What both are counted in.
    pub unit: &'static str,
}

impl Budget {
    /// Whether the figure is within the budget.
    pub fn is_met(&self) -> bool {
        self.found <= self.limit
    }

    /// Prints it in a line.
    pub fn print(&self) {
        let Self { name, limit, found, unit } = self;
        let verdict = if self.is_met() { "met" } else { "NOT MET" };
        println!("{verdict:>9}  {name}: {found:.2} {unit}, at most {limit} {unit}");
    }

    /// For bench.json.
    pub fn to_json(&self) -> Value {
        let Self { name, limit, found, unit } = self;
        json!({ "name": name, "limit": limit, "found": found, "unit": unit, "met": self.is_met() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(milliseconds: &[f64]) -> Sample {
        let mut sample = Sample::new("test");
        milliseconds.iter().for_each(|value| sample.take(*value));
        sample
    }

    #[test]
    fn the_median_does_not_heed_order_or_one_slow_run() {
        assert_eq!(sample(&[3.0, 900.0, 1.0]).median(), 3.0);
        assert_eq!(sample(&[4.0, 1.0, 3.0, 900.0]).median(), 3.5);
        assert_eq!(sample(&[3.0, 900.0, 1.0]).range(), (1.0, 900.0));
    }

    #[test]
    fn a_figure_at_its_limit_meets_the_budget() {
        let budget = |found| Budget { name: "test", limit: 50.0, found, unit: "ms" };
        assert!(budget(50.0).is_met());
        assert!(!budget(50.1).is_met());
    }
}
