//! What readers need most, in Firefox too: the same steps as in Chromium.

use anyhow::Result;
use haidang_e2e::{Browser, Setup, journey};

use crate::{
    comments, embedding, embedding_elsewhere, embedding_printed, kept, languages, offline_shell,
    reading, writing_offline,
};

fn in_firefox(setup: Setup) -> Setup {
    Setup { browser: Browser::Firefox, ..setup }
}

#[tokio::test]
async fn the_front_page_leads_to_an_article_and_the_console_stays_empty() -> Result<()> {
    journey(in_firefox(Setup::default()), async |reader| {
        reading::follow_the_front_page(reader).await?;
        assert_eq!(reader.console().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_changes_its_language_in_place() -> Result<()> {
    journey(in_firefox(Setup::default()), languages::switch_an_article).await
}

#[tokio::test]
async fn a_language_chosen_by_mouse_is_told_once() -> Result<()> {
    journey(in_firefox(Setup::default()), languages::switch_by_mouse).await
}

#[tokio::test]
async fn a_comment_appears_at_once_and_stays() -> Result<()> {
    journey(in_firefox(Setup::default()), comments::write_a_comment).await
}

#[tokio::test]
async fn an_address_with_a_comment_opens_the_thread_there() -> Result<()> {
    journey(in_firefox(Setup::default()), comments::open_at_a_comment).await
}

#[tokio::test]
async fn each_element_shows_what_the_portal_shows() -> Result<()> {
    journey(in_firefox(embedding::open_to_all()), embedding::see_each_element).await
}

#[tokio::test]
async fn elements_tell_the_page_what_happens_in_them() -> Result<()> {
    journey(in_firefox(embedding::open_to_all()), embedding::listen_to_elements).await
}

#[tokio::test]
async fn a_printed_thread_is_taken_over() -> Result<()> {
    journey(in_firefox(embedding::open_to_all()), embedding_printed::take_over).await
}

#[tokio::test]
async fn elements_live_under_a_strict_policy() -> Result<()> {
    let setup = in_firefox(embedding::open_to_all());
    journey(setup, embedding_elsewhere::read_under_a_strict_policy).await
}

#[tokio::test]
async fn frames_are_as_high_as_what_is_in_them() -> Result<()> {
    journey(in_firefox(embedding::open_to_all()), embedding_elsewhere::see_frames).await
}

#[tokio::test]
async fn the_app_opens_at_any_address_without_the_server() -> Result<()> {
    let setup = in_firefox(offline_shell::with_worker());
    journey(setup, offline_shell::open_without_the_server).await
}

#[tokio::test]
async fn what_was_read_opens_cold_without_the_server() -> Result<()> {
    let setup = in_firefox(offline_shell::with_worker());
    journey(setup, offline_shell::read_again_without_the_server).await
}

#[tokio::test]
async fn what_the_browser_has_thrown_away_is_kept_again() -> Result<()> {
    let setup = in_firefox(offline_shell::with_worker());
    journey(setup, offline_shell::keep_again).await
}

#[tokio::test]
async fn what_was_saved_is_read_without_the_server() -> Result<()> {
    journey(in_firefox(Setup::default()), kept::read_what_was_saved).await
}

#[tokio::test]
async fn the_portal_is_read_searched_and_written_to_without_a_network() -> Result<()> {
    journey(in_firefox(offline_shell::with_worker()), kept::live_without_the_server).await
}

#[tokio::test]
async fn what_waits_is_taken_back_and_changed() -> Result<()> {
    journey(in_firefox(Setup::default()), writing_offline::change_what_waits).await
}

#[tokio::test]
async fn what_was_written_without_the_server_arrives_once() -> Result<()> {
    journey(in_firefox(Setup::default()), writing_offline::write_without_the_server).await
}
