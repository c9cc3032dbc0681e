//! Threads as backends send them: late, twice, torn and in circles.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what it expects")]

mod conversation;

use conversation::{comment, conversation, store};
use haidang_engine::{
    model::{Comment, CommentState},
    thread::{Order, Store},
    time::Timestamp,
};
use proptest::prelude::*;

/// The thread as text: a dash a level.
fn shown(store: &Store) -> String {
    let row = |row: &haidang_engine::thread::Row| {
        format!("{}{}", "-".repeat(row.depth), store.id(row.node))
    };
    store.rows().iter().map(row).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_thread_shows_in_four_orders() {
    let mut store = store(Order::Newest, &conversation());
    assert_eq!(shown(&store), "c b a -a1 --a1x -a2");
    store.set_order(Order::Oldest);
    assert_eq!(shown(&store), "a -a1 --a1x -a2 b c");
    store.set_order(Order::Best);
    assert_eq!(shown(&store), "b a -a2 -a1 --a1x c");
    store.set_order(Order::MostDiscussed);
    assert_eq!(shown(&store), "a -a1 --a1x -a2 b c");
}

#[test]
fn each_row_knows_how_many_are_below_it() {
    let store = store(Order::Oldest, &conversation());
    let below: Vec<_> = store.rows().iter().map(|row| row.below).collect();
    assert_eq!(below, [3, 1, 0, 0, 0, 0]);
}

#[test]
fn who_answers_somebody_else_now_is_told_even_where_no_row_moves() {
    let mut store =
        store(Order::Oldest, &[comment("a", None, 1, 0), comment("b", Some("a"), 2, 0)]);
    store.take_changes();
    store.merge([comment("b", None, 2, 0)]);
    assert_eq!(shown(&store), "a b");
    assert!(store.take_changes().is_arranged);
    let a = store.find("a").expect("a");
    store.collapse(a, true);
    let changes = store.take_changes();
    assert!(changes.folds && !changes.rows && !changes.is_arranged);
}

#[test]
fn an_orphan_shows_at_the_top_until_its_parent_comes() {
    let mut store = store(Order::Oldest, &[comment("b", Some("a"), 2, 0)]);
    let b = store.find("b").expect("b");
    assert_eq!(shown(&store), "b");
    assert!(store.is_orphan(b));
    store.merge([comment("a", None, 1, 0)]);
    assert_eq!(shown(&store), "a -b");
    assert!(!store.is_orphan(b));
    assert_eq!(store.find("b"), Some(b), "a node keeps its name");
}

#[test]
fn a_circle_is_cut_at_its_oldest() {
    let circle = [
        comment("a", Some("c"), 2, 0),
        comment("b", Some("a"), 3, 0),
        comment("c", Some("b"), 1, 0),
        comment("d", Some("a"), 4, 0),
        comment("self", Some("self"), 5, 0),
    ];
    assert_eq!(shown(&store(Order::Oldest, &circle)), "c -a --b --d self");
}

#[test]
fn in_the_same_second_ids_count_upwards() {
    let same: Vec<_> = ["10", "9", "b", "a", "100"].map(|id| comment(id, None, 1, 0)).into();
    assert_eq!(shown(&store(Order::Oldest, &same)), "9 10 100 a b");
    assert_eq!(shown(&store(Order::Newest, &same)), "b a 100 10 9");
}

#[test]
fn a_new_state_of_a_comment_takes_the_place_of_the_old_one() {
    let mut store = store(Order::Best, &conversation());
    let merged = store.merge([comment("c", None, 6, 50), comment("d", None, 7, 0)]);
    assert_eq!(merged.changed, [store.find("c").expect("c")]);
    assert_eq!(merged.added, [store.find("d").expect("d")]);
    assert_eq!(shown(&store), "b a -a2 -a1 --a1x d c", "nothing moves while it is read");
    store.set_order(Order::Best);
    assert_eq!(shown(&store), "c b a -a2 -a1 --a1x d");
    assert_eq!(store.len(), 7);
    let again = store.merge([comment("c", None, 6, 50)]);
    assert_eq!(again, haidang_engine::thread::Merged::default());
}

#[test]
fn an_older_state_that_comes_late_is_left_aside_but_a_deletion_counts() {
    let edited = |votes, minute: i64| Comment {
        edited: Some(Timestamp(minute * 60_000)),
        ..comment("a", None, 1, votes)
    };
    let mut store = store(Order::Oldest, &[edited(2, 9)]);
    let a = store.find("a").expect("a");
    store.merge([edited(1, 8), comment("a", None, 1, 0)]);
    assert_eq!(store.comment(a).map(|comment| comment.votes), Some(2));
    store.merge([Comment { state: CommentState::Deleted, ..comment("a", None, 1, 0) }]);
    assert!(store.comment(a).is_some_and(|comment| comment.state == CommentState::Deleted));
}

#[test]
fn what_was_shown_before_it_was_sent_keeps_its_place_when_it_is_taken() {
    let mut store = store(Order::Oldest, &conversation());
    store.merge([comment("local-1", Some("a"), 7, 0), comment("local-2", Some("local-1"), 8, 0)]);
    assert_eq!(shown(&store), "a -a1 --a1x -a2 -local-1 --local-2 b c");
    let node = store.find("local-1").expect("local");
    let merged = store.settle("local-1", comment("a3", Some("a"), 7, 0));
    assert_eq!((merged.added.len(), merged.changed), (0, vec![node]));
    assert_eq!(shown(&store), "a -a1 --a1x -a2 -a3 --local-2 b c");
    // The stream was faster.
    store.merge([comment("a4", Some("a3"), 8, 0)]);
    store.settle("local-2", comment("a4", Some("a3"), 8, 0));
    assert_eq!(shown(&store), "a -a1 --a1x -a2 -a3 --a4 b c");
    // Nobody knows of it.
    let merged = store.settle("local-9", comment("a5", Some("a"), 9, 0));
    assert_eq!(merged.added.len(), 1);
    assert_eq!(store.len(), 9);
}

#[test]
fn what_was_not_sent_can_be_taken_back() {
    let mut store = store(Order::Oldest, &conversation());
    store.merge([comment("local-1", Some("a"), 7, 0)]);
    store.withdraw("local-1");
    store.withdraw("local-1");
    assert_eq!(shown(&store), "a -a1 --a1x -a2 b c");
    assert_eq!((store.len(), store.rows()[0].below), (6, 3));
    store.merge([comment("local-1", Some("b"), 7, 0)]);
    assert_eq!(shown(&store), "a -a1 --a1x -a2 b -local-1 c");
}

#[test]
fn the_revision_says_which_state_is_newer() {
    let state = |revision, votes| Comment { revision, ..comment("a", None, 1, votes) };
    let mut store = store(Order::Oldest, &[state(3, 3)]);
    let a = store.find("a").expect("a");
    store.merge([state(2, 2), Comment { state: CommentState::Deleted, ..state(1, 1) }]);
    assert_eq!(store.comment(a).map(|comment| comment.votes), Some(3));
    store.merge([state(4, 4)]);
    assert_eq!(store.comment(a).map(|comment| comment.votes), Some(4));
}

#[test]
fn what_everybody_is_told_does_not_touch_the_readers_own_vote() {
    let own = Comment { voted: 1, editable: Some(Timestamp(9)), ..comment("a", None, 1, 1) };
    let mut store = store(Order::Oldest, &[own]);
    let merged = store.hear([Comment { revision: 2, ..comment("a", None, 1, 5) }]);
    assert_eq!(merged.changed.len(), 1);
    let a = store.find("a").and_then(|node| store.comment(node)).expect("a");
    assert_eq!((a.votes, a.voted, a.editable), (5, 1, Some(Timestamp(9))));
}

#[test]
fn what_is_pinned_comes_first_in_every_order() {
    let mut comments = conversation();
    comments.push(Comment { pinned: true, ..comment("p", None, 4, -9) });
    for order in Order::ALL {
        assert!(shown(&store(order, &comments)).starts_with("p "), "{}", order.wire());
    }
}

#[test]
fn one_more_among_ten_thousand_of_the_same_second_takes_no_time() {
    let comments: Vec<_> = (0..10_000i64)
        .map(|n| {
            let parent = (n % 2 == 1).then(|| (n - 1).to_string());
            comment(&n.to_string(), parent.as_deref(), 1, 0)
        })
        .collect();
    let mut store = store(Order::Newest, &comments);
    let begun = std::time::Instant::now();
    for n in 10_000..10_100 {
        store.merge([comment(&n.to_string(), Some("0"), 1, 0)]);
    }
    // Far above what it takes: a machine may be busy, and tests are not optimised.
    assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
    assert_eq!((store.len(), store.replies(store.find("0").expect("0")).len()), (10_100, 101));
}

#[test]
fn ten_thousand_comments_two_thousand_deep_are_in_order() {
    let mut comments: Vec<_> = (0..10_000i64)
        .map(|n| {
            let parent = (n % 5_000 != 0 && n % 5_000 < 2_000).then(|| (n - 1).to_string());
            comment(&n.to_string(), parent.as_deref(), n, 0)
        })
        .collect();
    comments.reverse();
    let run = move || {
        let store = store(Order::Oldest, &comments);
        let deepest = store.rows().iter().map(|row| row.depth).max();
        (store.rows().len(), deepest, store.rows()[0].below)
    };
    let small = std::thread::Builder::new().stack_size(64 * 1024).spawn(run).expect("a thread");
    assert_eq!(small.join().expect("no overflow"), (10_000, Some(1_999), 1_999));
}

/// Comments with parents among them, beside them and in circles.
fn comments() -> impl Strategy<Value = Vec<Comment>> {
    let one = (prop::option::of(0usize..30), 0i64..5, -3i32..3);
    prop::collection::vec(one, 0..24).prop_map(|found| {
        let make = |(index, (parent, minute, votes)): (usize, (Option<usize>, i64, i32))| {
            let parent = parent.map(|parent| parent.to_string());
            comment(&index.to_string(), parent.as_deref(), minute, votes)
        };
        found.into_iter().enumerate().map(make).collect()
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop::sample::select(vec![Order::Newest, Order::Oldest, Order::Best, Order::MostDiscussed])
}

proptest! {
    #[test]
    fn rows_made_one_by_one_are_those_made_at_once(comments in comments(), order in order()) {
        let mut store = Store::new(order);
        for comment in &comments {
            store.merge([comment.clone()]);
        }
        let one_by_one = store.rows().to_vec();
        for (place, row) in one_by_one.iter().enumerate() {
            prop_assert_eq!(store.place(row.node), Some(place));
        }
        let mut at_once = Store::new(order);
        at_once.merge(comments);
        at_once.set_order(order);
        store.set_order(order);
        prop_assert_eq!(shown(&store), shown(&at_once));
        let below = |rows: &[haidang_engine::thread::Row]| {
            let mut below: Vec<_> = rows.iter().map(|row| (row.node, row.depth, row.below)).collect();
            below.sort_unstable();
            below
        };
        prop_assert_eq!(below(&one_by_one), below(store.rows()));
    }

    #[test]
    fn what_is_settled_or_withdrawn_leaves_the_others_as_they_are(
        comments in comments(), order in order(), settles in any::<bool>(), at in 0usize..24,
    ) {
        let mut store = store(order, &comments);
        let parent = comments.get(at).map(|comment| comment.id.clone());
        let before = shown(&store);
        store.merge([comment("local-1", parent.as_deref(), 3, 0)]);
        let with = shown(&store);
        if settles {
            store.settle("local-1", comment("99", parent.as_deref(), 3, 0));
            prop_assert_eq!(shown(&store), with.replace("local-1", "99"));
        } else {
            store.withdraw("local-1");
            prop_assert_eq!(shown(&store), before);
        }
    }

    #[test]
    fn a_scene_shows_what_is_revealed_and_rests_count_what_does_not_show(
        comments in comments(), order in order(), folded in prop::collection::vec(0usize..24, 0..6), at in 0usize..24,
    ) {
        let mut store = store(order, &comments);
        for index in folded {
            if let Some(node) = store.find(&index.to_string()) {
                store.collapse(node, true);
            }
        }
        let visible: Vec<_> = store.visible().collect();
        prop_assert_eq!(store.scene(None, None).rows(&store).collect::<Vec<_>>(), visible);
        if let Some(node) = store.find(&at.to_string()) {
            store.reveal(node);
            let scene = store.scene(None, None);
            prop_assert!(scene.rows(&store).any(|row| row.node == node));
        }
    }

    #[test]
    fn every_comment_shows_once_and_below_its_parent(comments in comments(), order in order()) {
        let store = store(order, &comments);
        let mut ids: Vec<_> = store.rows().iter().map(|row| store.id(row.node)).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), comments.len());
        prop_assert_eq!(store.rows().len(), comments.len());
        for (place, row) in store.rows().iter().enumerate() {
            prop_assert_eq!(store.place(row.node), Some(place));
            let end = place + 1 + row.below;
            prop_assert!(store.rows()[place + 1..end].iter().all(|below| below.depth > row.depth));
            prop_assert!(store.rows().get(end).is_none_or(|next| next.depth <= row.depth));
            match store.parent(row.node).and_then(|parent| store.place(parent)) {
                None => prop_assert_eq!(row.depth, 0),
                Some(parent) => {
                    let above = store.rows()[parent];
                    prop_assert!(parent < place && place <= parent + above.below);
                    prop_assert_eq!(row.depth, above.depth + 1);
                }
            }
        }
    }

    #[test]
    fn the_order_does_not_depend_on_when_comments_came(
        (comments, shuffled) in comments().prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle())),
        order in order(),
        cut in 0usize..24,
    ) {
        let expected = shown(&store(order, &comments));
        let mut parts = Store::new(order);
        let cut = cut.min(shuffled.len());
        parts.merge(shuffled[cut..].iter().cloned());
        parts.merge(shuffled[..cut].iter().cloned());
        parts.set_order(order);
        prop_assert_eq!(shown(&parts), expected);
    }

    #[test]
    fn merging_twice_changes_nothing(comments in comments(), order in order()) {
        let mut store = store(order, &comments);
        let before = shown(&store);
        let merged = store.merge(comments.iter().cloned());
        prop_assert!(merged.added.is_empty() && merged.changed.is_empty());
        prop_assert_eq!(shown(&store), before);
    }

    #[test]
    fn changing_the_order_and_back_changes_nothing(comments in comments(), one in order(), other in order()) {
        let mut store = store(one, &comments);
        let before = shown(&store);
        store.set_order(other);
        store.set_order(one);
        prop_assert_eq!(shown(&store), before);
    }
}
