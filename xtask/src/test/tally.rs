//! Counting tests from what libtest and wasm-bindgen-test print.

use std::{collections::BTreeMap, fmt};

use anyhow::{Result, bail};

use crate::step::Step;

/// All layers together.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    /// `layer  test`, for the end.
    failures: Vec<String>,
    /// `layer  reason`, and how many tests were skipped for it.
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    /// Runs tests and counts them; an error where they could not all run.
    pub fn run(&mut self, layer: &'static str, step: Step) -> Result<()> {
        let by_hand = step.to_string();
        let before = self.failed;
        let mut reader = self.reader(layer);
        let status = step.stream(|line| reader.line(line))?;
        reader.end();
        if !status.success() && self.failed == before {
            bail!(
                "the tests could not all be built and run ({status}). By hand:\n\n    {by_hand}\n"
            );
        }
        Ok(())
    }

    /// Tests that their program took for passed were skipped: a line of `reasons` each.
    pub fn skip(&mut self, layer: &str, reasons: &str) {
        for reason in reasons.lines() {
            self.passed = self.passed.saturating_sub(1);
            self.skipped += 1;
            *self.reasons.entry(format!("{layer}  {reason}")).or_default() += 1;
        }
    }

    /// Counts the output of one run.
    fn reader<'a>(&'a mut self, layer: &'static str) -> Reader<'a> {
        Reader { tally: self, layer, unfinished: 0 }
    }

    /// A layer that could not finish is one failure, told at once and at the end.
    pub fn broken(&mut self, layer: &str, error: &anyhow::Error) {
        eprintln!("\nerror: {error:#}");
        self.failed += 1;
        self.failures.push(format!("{layer}  (did not finish: see above)"));
    }

    /// A filter that selects nothing is a mistyped one.
    pub fn require_some(&mut self, filter: &str) {
        if self.passed + self.failed + self.skipped == 0 {
            self.failed += 1;
            self.failures.push(format!("no test is named like `{filter}`"));
        }
    }

    /// Whether nothing failed.
    pub fn is_green(&self) -> bool {
        self.failed == 0
    }
}

impl fmt::Display for Tally {
    /// What was skipped, the failures by name, then one line that counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.reasons.is_empty() {
            writeln!(f, "Skipped:")?;
            self.reasons
                .iter()
                .try_for_each(|(reason, count)| writeln!(f, "  {reason} ({count})"))?;
            writeln!(f)?;
        }
        if !self.failures.is_empty() {
            writeln!(f, "Failed:")?;
            self.failures.iter().try_for_each(|name| writeln!(f, "  {name}"))?;
            writeln!(f)?;
        }
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        writeln!(f)
    }
}

/// Reads one run's output, line by line.
struct Reader<'a> {
    tally: &'a mut Tally,
    layer: &'static str,
    /// Test programs that started and have not given their result.
    unfinished: usize,
}

impl Reader<'_> {
    /// Takes the next line.
    fn line(&mut self, line: &str) {
        if starts_tests(line) {
            self.unfinished += 1;
        } else if let Some(name) = failed_test(line) {
            self.tally.failures.push(format!("{}  {name}", self.layer));
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.unfinished = self.unfinished.saturating_sub(1);
            self.tally.passed += count(counts, "passed");
            self.tally.failed += count(counts, "failed");
            self.tally.skipped += count(counts, "ignored");
        }
    }

    /// The run is over: a program that gave no result crashed.
    fn end(self) {
        for _ in 0..self.unfinished {
            self.tally.failed += 1;
            self.tally.failures.push(format!("{}  (a test program ended half-way)", self.layer));
        }
    }
}

/// `running 12 tests`
fn starts_tests(line: &str) -> bool {
    let count = line
        .strip_prefix("running ")
        .and_then(|rest| rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test")));
    count.is_some_and(|count| count.parse::<usize>().is_ok())
}

/// `test route::parses ... FAILED`, and in the browser `... FAIL`
fn failed_test(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    matches!(outcome, "FAILED" | "FAIL").then_some(name)
}

/// The number before `word`: 3 for `failed` in `FAILED. 9 passed; 3 failed; 0 ignored`.
fn count(counts: &str, word: &str) -> usize {
    let number = counts
        .split([';', '.'])
        .find_map(|part| part.trim().strip_suffix(word).map(str::trim))
        .and_then(|number| number.parse().ok());
    number.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> Tally {
        let mut tally = Tally::default();
        let mut reader = tally.reader("unit");
        output.lines().for_each(|line| reader.line(line));
        reader.end();
        tally
    }

    #[test]
    fn the_results_of_several_programs_add_up() {
        let tally = read(
            "running 2 tests\ntest a ... ok\ntest b ... ok\n\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             running 1 test\ntest c ... ignored\n\n\
             test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n",
        );
        assert_eq!(tally.to_string(), "2 passed, 0 failed, 1 skipped\n");
        assert!(tally.is_green());
    }

    #[test]
    fn what_its_program_took_for_passed_was_skipped_for_a_reason() {
        let mut tally =
            read("running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n");
        tally.skip("e2e", "isso needs root\nisso needs root\n");
        assert_eq!(
            tally.to_string(),
            "Skipped:\n  e2e  isso needs root (2)\n\n1 passed, 0 failed, 2 skipped\n"
        );
        assert!(tally.is_green());
    }

    #[test]
    fn failing_tests_are_named_before_the_last_line() {
        let tally = read(
            "running 2 tests\ntest a::b ... FAILED\ntest web::c ... FAIL\n\
             test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.1s\n",
        );
        assert_eq!(
            tally.to_string(),
            "Failed:\n  unit  a::b\n  unit  web::c\n\n0 passed, 2 failed\n"
        );
        assert!(!tally.is_green());
    }

    #[test]
    fn a_program_that_crashes_is_a_failure() {
        let tally = read("running 9 tests\ntest a ... ok\n");
        assert_eq!(tally.failed, 1);
    }

    #[test]
    fn a_layer_that_does_not_build_is_a_failure() {
        let mut tally = Tally::default();
        tally.broken("web", &anyhow::anyhow!("no browser"));
        assert!(tally.to_string().ends_with("\n0 passed, 1 failed\n"));
    }

    #[test]
    fn a_filter_that_selects_nothing_is_a_failure() {
        let mut tally = read("running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored\n");
        tally.require_some("mistyped");
        assert!(!tally.is_green());
    }

    #[test]
    fn what_tests_print_themselves_is_not_counted() {
        assert_eq!(read("running late\ntest result pending\n").to_string(), "0 passed, 0 failed\n");
    }
}
