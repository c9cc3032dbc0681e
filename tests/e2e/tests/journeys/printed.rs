//! Pages that are read before the app is there, and without it; and how the app takes them over.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{DECADE, NOODLES, STORM, pages},
    journey, word,
};
use serde_json::{Value, json};

pub(crate) fn with_printed_pages() -> Setup {
    Setup { printed: true, ..Setup::default() }
}

/// Opens a page as a reader does who goes for something on it, and keeps the app from starting until [`let_start`].
pub(crate) async fn open_before_the_app(reader: &Reader, path: &str) -> Result<()> {
    reader.hold("*.wasm").await?;
    reader.go(path).await?;
    reader.until("one('#printed main h1')").await?;
    reader.go_for_a_link().await?;
    until_laid_out(reader).await
}

/// Where only the first screen of a text is laid out at first, waits for the rest.
pub(crate) async fn until_laid_out(reader: &Reader) -> Result<()> {
    reader
        .until(
            "!('firstScreen' in document.documentElement.dataset)
                || (one('#printed .site-footer') && !one('[data-body] > :not([data-laid-out])'))",
        )
        .await
}

pub(crate) async fn let_start(reader: &Reader) -> Result<()> {
    reader.devtools("Fetch.disable", json!({})).await?;
    reader.until("!one('#printed') && one('main h1')").await
}

#[tokio::test]
async fn who_has_no_script_reads_navigates_and_switches_language() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let off = json!({ "value": true });
        reader.devtools("Emulation.setScriptExecutionDisabled", off).await?;
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main .body p')").await?;
        let title = reader.text("h1").await?;
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("vi"));
        reader.click(".languages a[hreflang=en]").await?;
        reader.until("document.documentElement.lang === 'en' && one('main .body p')").await?;
        assert_ne!(reader.text("h1").await?, title);
        reader.click(".site-nav a").await?;
        reader.until("one('main .headline')").await?;
        reader.click("main .headline h2 a").await?;
        reader.until("one('main .body p')").await?;
        assert!(!reader.evaluate::<bool>("'haidang' in window").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_waits_for_the_reader_is_accessible_in_every_language() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.block(&["*.wasm"]).await?;
        let (mut found, mut looked) = (Vec::new(), 0);
        for page in ["vi", "en", "zh", "ja", "ko"].into_iter().flat_map(pages) {
            reader.go(&page).await?;
            reader.until("document.readyState === 'complete'").await?;
            // Some are the app's alone: search, settings, what is kept.
            if reader.count("#printed").await? == 0 {
                continue;
            }
            looked += 1;
            let violations = reader.axe_in_every_theme().await?;
            found.extend(violations.into_iter().map(|violation| format!("{page}: {violation}")));
        }
        assert!(looked > 20, "{looked}");
        assert_eq!(found, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_kind_of_page_stays_as_it_was_when_the_app_takes_it_over() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let shown = "[document.title, one('main').textContent.replace(/\\s+/g, ' '),
            all('head [data-page]:not([type])').map((tag) => tag.outerHTML).sort()]";
        let pages = [
            "vi/",
            "ja/section/news",
            "ko/documents",
            "vi/press",
            "en/tag/cang-bien",
            "zh/nowhere",
        ];
        for page in pages {
            open_before_the_app(reader, page).await?;
            let before: Value = reader.evaluate(shown).await?;
            let_start(reader).await?;
            assert_eq!(reader.evaluate::<Value>(shown).await?, before, "{page}");
        }
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_dates_of_a_printed_page_need_no_rules_of_time_zones() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let count = "window.made = 0;
            Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
                construct: (...call) => (window.made++, Reflect.construct(...call)),
            })";
        let script = json!({ "source": count });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        for page in ["vi/".to_owned(), format!("vi/article/{STORM}"), "vi/press".to_owned()] {
            open_before_the_app(reader, &page).await?;
            let_start(reader).await?;
            assert_eq!(reader.evaluate::<u32>("window.made").await?, 0, "{page}");
        }
        // The count counts: who goes to the comments has them while the app is on its way.
        reader.go(&format!("vi/article/{STORM}#comments")).await?;
        reader.until("window.made > 0").await
    })
    .await
}

#[tokio::test]
async fn what_the_reader_selected_and_focused_stays_and_nothing_moves() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        open_before_the_app(reader, &format!("vi/article/{DECADE}")).await?;
        reader
            .run(
                "window.shifts = [];
                const place = ({ node, previousRect, currentRect }) =>
                    [node?.outerHTML?.slice(0, 80) ?? node?.nodeName, previousRect.y, currentRect.y];
                new PerformanceObserver((list) => {
                    for (const { value, sources } of list.getEntries()) {
                        window.shifts.push([value, ...sources.map(place)]);
                    }
                }).observe({ type: 'layout-shift', buffered: true });
                const text = all('.body > p')[3];
                text.scrollIntoView({ block: 'center', behavior: 'instant' });
                one('.body a[href]').focus({ preventScroll: true });
                const range = document.createRange();
                range.setStart(text.firstChild, 3);
                range.setEnd(text.firstChild, 12);
                getSelection().removeAllRanges();
                getSelection().addRange(range);",
            )
            .await?;
        let state = "[getSelection().toString(), document.activeElement.getAttribute('href'),
            Math.round(all('.body > p')[3].getBoundingClientRect().top)]";
        let before: Value = reader.evaluate(state).await?;
        let_start(reader).await?;
        reader.settle().await?;
        assert_eq!(reader.evaluate::<Value>(state).await?, before);
        let shifts: Vec<Value> = reader.evaluate("shifts").await?;
        let sum: f64 = shifts.iter().filter_map(|shift| shift.get(0)?.as_f64()).sum();
        assert!(sum < 0.001, "{shifts:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_goes_on_between_two_pieces_of_the_work_gets_where_they_go() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        // Each ends with a task; in the one that is asked for, the reader presses a link.
        let count = "window.pieces = 0;
            const end = Scheduler.prototype.yield;
            Scheduler.prototype.yield = function () {
                const link = document.querySelector('#printed .site-nav a');
                if (link) window.pieces += 1;
                if (link && location.pathname.endsWith('/vi/') && window.pieces === Number(sessionStorage.piece)) {
                    window.pressed = true;
                    link.click();
                }
                return end.call(this);
            };";
        let script = json!({ "source": count });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        let there = "!one('#printed') && one('main h1')";
        let front = format!("{there} && location.pathname.endsWith('/vi/')");
        reader.open("vi/").await?;
        reader.until(&front).await?;
        let pieces: usize = reader.evaluate("window.pieces").await?;
        assert!(pieces > 10, "{pieces}");
        let section = format!("{there} && location.pathname.includes('/section/')");
        let title = format!("{section} && document.title.startsWith(one('main h1').textContent)");
        let mut pressed = 0;
        for piece in 1..=pieces {
            reader.run(&format!("sessionStorage.piece = {piece}")).await?;
            reader.go("vi/").await?;
            // What was drawn early is not made late: there may be some pieces less than there were.
            let is_over = format!("{front} && !window.pressed");
            reader.until(&format!("({title}) || ({is_over})")).await?;
            assert_eq!(reader.count("main").await?, 1, "{piece}");
            if reader.evaluate(&format!("!!({title})")).await? {
                pressed += 1;
                reader.run("sessionStorage.clear()").await?;
                reader.back().await?;
                reader.until(&front).await?;
            }
        }
        assert!(pressed + 4 >= pieces, "{pressed} of {pieces}");
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn browsers_that_cannot_end_tasks_take_over_as_well() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        // As Chromium before 129, and as Safari.
        for less in ["delete Scheduler.prototype.yield", "delete window.scheduler"] {
            let script = json!({ "source": less });
            reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
            open_before_the_app(reader, &format!("vi/article/{STORM}")).await?;
            assert!(!reader.evaluate::<bool>("!!window.scheduler?.yield").await?, "{less}");
            let_start(reader).await?;
        }
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_has_its_real_heights_before_the_app_is_there_and_after() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let blocks = "[...document.querySelectorAll('[data-body] > *')]";
        let heights = format!("{blocks}.map((block) => block.getBoundingClientRect().height)");
        // What the last block is while the first one is laid out.
        let look = "const rect = Element.prototype.getBoundingClientRect;
            Element.prototype.getBoundingClientRect = function () {
                const last = document.querySelector('#printed [data-body]')?.lastElementChild;
                if (last) window.last ??= getComputedStyle(last).contentVisibility;
                return rect.call(this);
            }";
        let script = json!({ "source": look });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        open_before_the_app(reader, &format!("vi/article/{DECADE}")).await?;
        assert_eq!(reader.evaluate::<String>("window.last").await?, "auto");
        let printed: Vec<f64> = reader.evaluate(&heights).await?;
        assert!(printed.len() > 20, "{printed:?}");
        let_start(reader).await?;
        reader.until("!('firstScreen' in document.documentElement.dataset)").await?;
        assert_eq!(reader.evaluate::<Vec<f64>>(&heights).await?, printed);
        // One after the other, here as well.
        let laid_out = format!("{blocks}.every((block) => 'laidOut' in block.dataset)");
        assert!(reader.evaluate::<bool>(&laid_out).await?);
        let seen = "every((block) => getComputedStyle(block).contentVisibility === 'visible')";
        assert!(reader.evaluate::<bool>(&format!("{blocks}.{seen}")).await?);
        // Who is put further down has the text above at once.
        open_before_the_app(reader, &format!("vi/article/{NOODLES}#comments")).await?;
        assert!(reader.evaluate::<bool>(&format!("{blocks}.{seen}")).await?);
        assert!(
            !reader.evaluate::<bool>("'firstScreen' in document.documentElement.dataset").await?
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_app_waits_until_the_reader_has_typed() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        open_before_the_app(reader, "vi/").await?;
        reader.type_into(".header-search input", "bão").await?;
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until("performance.getEntriesByType('resource').some((r) => r.name.includes('_bg.wasm') && r.responseEnd)").await?;
        reader.until_answered("locales/vi.json").await?;
        assert!(reader.evaluate::<bool>("!!one('#printed')").await?);
        reader.run("document.activeElement.blur()").await?;
        reader.until("!one('#printed')").await?;
        assert_eq!(reader.value(".header-search input").await?, "bão");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_click_that_ends_typing_does_what_was_meant() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        open_before_the_app(reader, "vi/").await?;
        reader.type_into(".header-search input", "bão").await?;
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until_answered("locales/vi.json").await?;
        reader.until("performance.getEntriesByType('resource').some((r) => r.name.includes('_bg.wasm') && r.responseEnd)").await?;
        reader.click(".header-search button").await?;
        reader.until("location.pathname.endsWith('/search') && one('main h1')").await
    })
    .await
}

#[tokio::test]
async fn what_was_chosen_in_the_register_stays_chosen() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        open_before_the_app(reader, "vi/documents").await?;
        let chosen: String = reader
            .evaluate(
                "(() => { const select = one('main select'); select.selectedIndex = 1; return select.value; })()",
            )
            .await?;
        assert!(!chosen.is_empty());
        let_start(reader).await?;
        assert_eq!(reader.value("main select").await?, chosen);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_taken_over_asks_for_nothing_twice() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.open(&format!("vi/article/{NOODLES}")).await?;
        reader.settle().await?;
        let asked: Vec<String> = reader
            .evaluate(
                "performance.getEntriesByType('resource').map((r) => r.name)
                    .filter((name) => name.includes('/api/v1/articles/') || name.includes('/notices'))",
            )
            .await?;
        assert_eq!(asked, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_came_with_a_page_is_there_without_the_server() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.open(&format!("vi/article/{NOODLES}")).await?;
        reader
            .until_record("abouts", &format!("record.key.includes('articles/{NOODLES}?')"))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_whose_words_do_not_come_leads_on_by_its_links() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.block(&["*locales/vi.json*"]).await?;
        reader.go("vi/").await?;
        reader.go_for_a_link().await?;
        // While the app still tries, and once it has given up.
        reader.until_answered("haidang-").await?;
        reader.click("#printed .site-nav a").await?;
        reader.until("location.pathname.includes('/section/') && one('#printed main .headline')").await?;
        reader.until("performance.getEntriesByType('resource').filter((r) => r.name.includes('locales/vi.json')).length > 2").await?;
        reader.settle().await?;
        reader.click("#printed main .headline a").await?;
        reader.until("location.pathname.includes('/article/') && one('#printed main .body p')").await
    })
    .await
}

#[tokio::test]
async fn a_site_that_cannot_start_leaves_the_page_to_be_read() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.block(&["*.wasm*"]).await?;
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main .body p')").await?;
        reader.click(".languages a[hreflang=en]").await?;
        reader.until("document.documentElement.lang === 'en' && one('main .body p')").await?;
        let failed = word("en", "boot.failed")?;
        assert!(!reader.text("body").await?.contains(&failed));
        Ok(())
    })
    .await
}
