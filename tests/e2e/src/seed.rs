//! Chance that can be had again: what goes wrong in a journey is chosen by a number.

use std::{
    env,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};

/// Where the number is taken from, if it is to be a certain one.
const NAME: &str = "HAIDANG_SEED";

/// A generator of choices (splitmix64).
pub struct Seed(u64);

impl Seed {
    /// That of `HAIDANG_SEED`, else another one each time; it is printed.
    pub fn chosen() -> Result<Self> {
        let seed = match env::var(NAME) {
            Ok(seed) => seed.parse().context(NAME)?,
            Err(_) => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
        };
        eprintln!("{NAME}={seed}");
        Ok(Self(seed))
    }

    /// A number below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ (mixed >> 31);
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(mixed.checked_rem(end).unwrap_or_default()).unwrap_or_default()
    }
}
