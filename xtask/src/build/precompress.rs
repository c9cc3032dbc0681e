//! Compressed copies beside each file, so that no server has to compress at request time.

use std::{
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::workspace::all_files;

/// Kinds of files that are not compressed by nature.
const COMPRESSIBLE: &[&str] =
    &["html", "js", "css", "wasm", "json", "webmanifest", "svg", "xml", "txt", "ico"];

/// What was compressed, in bytes.
#[derive(Default)]
pub struct Saved {
    files: usize,
    raw: usize,
    brotli: usize,
}

impl fmt::Display for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, raw, brotli } = self;
        write!(f, "{files} files: {} KB, with Brotli {} KB", raw / 1000, brotli / 1000)
    }
}

/// Writes `.br` and `.gz` beside every file of `folder` that becomes smaller by it.
pub fn all(folder: &Path) -> Result<Saved> {
    let mut saved = Saved::default();
    for path in all_files(folder).iter().filter(|path| is_compressible(path)) {
        let raw = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let small = brotli(&raw)?;
        saved.files += 1;
        saved.raw += raw.len();
        saved.brotli += small.len().min(raw.len());
        write_if_smaller(path, "br", &small, raw.len())?;
        write_if_smaller(path, "gz", &gzip(&raw)?, raw.len())?;
    }
    Ok(saved)
}

/// Brotli at its best.
pub fn brotli(raw: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: raw.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &*raw, &mut small, &params)?;
    Ok(small)
}

/// Gzip at its best.
pub fn gzip(raw: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(raw)?;
    Ok(encoder.finish()?)
}

fn is_compressible(path: &Path) -> bool {
    let kind = path.extension().and_then(|kind| kind.to_str());
    kind.is_some_and(|kind| COMPRESSIBLE.contains(&kind))
}

fn write_if_smaller(path: &Path, suffix: &str, small: &[u8], raw: usize) -> Result<()> {
    if small.len() >= raw {
        return Ok(());
    }
    let copy = PathBuf::from(format!("{}.{suffix}", path.display()));
    fs::write(&copy, small).with_context(|| format!("writing {}", copy.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_compressed_opens_to_the_same_bytes() {
        let raw = "Hải Phòng ".repeat(1000).into_bytes();
        let mut opened = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&raw).unwrap()[..], &mut opened).unwrap();
        assert_eq!(opened, raw);
        let mut opened = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&raw).unwrap()[..]).read_to_end(&mut opened).unwrap();
        assert_eq!(opened, raw);
    }

    #[test]
    fn pictures_and_what_does_not_shrink_get_no_copies() {
        let folder = std::env::temp_dir().join(format!("xtask-precompress-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, content) in
            [("a.html", "a".repeat(500)), ("b.txt", "b".into()), ("c.avif", "c".repeat(500))]
        {
            fs::write(folder.join(name), content).unwrap();
        }
        all(&folder).unwrap();
        let names: Vec<_> = all_files(&folder)
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names, ["a.html", "a.html.br", "a.html.gz", "b.txt", "c.avif"]);
    }
}
