//! Any number of comments for one thread, to see how the thread bears it.

use haidang_engine::{
    lang::Lang,
    model::{Badge, CommentState},
    time::Timestamp,
};
use uuid::Uuid;

use crate::store::{comments::Entry, threads::ThreadId};

/// Who writes, in which language, and what: combined, never the same three in a row.
const VOICES: &[(&str, &str, &[&str])] = &[
    (
        "vi",
        "Người đi chợ sớm",
        &[
            "Sáng nay tôi đi qua đường bao, nước đã rút gần hết, xe máy đi được.",
            "Nhờ cổng thông tin ghi rõ giờ hơn, nhà có người già cần chuẩn bị trước.",
            "Cảm ơn anh đã hỏi hộ, tôi cũng đang chờ câu trả lời này.",
            "Theo tôi nên dán thông báo ở nhà văn hóa, không phải ai cũng xem điện thoại.",
        ],
    ),
    (
        "vi",
        "Bạn đọc Kiến An",
        &[
            "Tôi gọi tổng đài lúc 9 giờ, có người nghe máy ngay và hướng dẫn rất kỹ.",
            "Số liệu trong bài có khác với thông báo tuần trước, mong ban biên tập xem lại.",
            "Đồng ý với ý kiến trên.\n\nTôi chỉ thêm là đường vào khu tái định cư vẫn chưa có đèn.",
        ],
    ),
    (
        "en",
        "Resident of Ngô Quyền",
        &[
            "The bus along the river was running again by noon, in case anyone is planning a trip.",
            "Thank you, this answers what I asked at the ward office last week.",
            "Could the opening hours be added to the English edition too?",
        ],
    ),
    (
        "zh",
        "港口职员",
        &[
            "今天上午码头已经恢复作业，排队的车不多。",
            "请问外国人也可以在网上预约吗？",
            "谢谢说明，很清楚。",
        ],
    ),
    (
        "ja",
        "駐在員の家族",
        &[
            "子どもの学校からも同じ連絡が届きました。",
            "日本語の案内があるのは助かります。",
            "窓口は土曜日も開いていますか。",
        ],
    ),
    (
        "ko",
        "하이퐁 교민",
        &[
            "오늘 아침에 다녀왔는데 대기 시간이 십 분도 안 걸렸습니다.",
            "한국어 안내가 있어 도움이 됩니다.",
            "주차장은 어디에 있나요?",
        ],
    ),
];

/// How far back a reply reaches: threads grow at their end.
const REACH: u64 = 24;

/// What answers what in a generated thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// As people do: about half are replies, to any depth.
    Tree,
    /// Nothing answers anything.
    Flat,
    /// Each answers the one before.
    Chain,
    /// The first half is one conversation below the first comment, the rest answers nothing.
    Branch,
}

/// `count` comments of a shape for the thread of `work`, the last one written at `now`, a minute apart.
/// The same count gives the same thread, but for ids.
pub fn generate_comments(work: &str, count: u32, shape: Shape, now: Timestamp) -> Vec<Entry> {
    let mut random = Random(u64::from(count) + 1);
    let mut entries: Vec<Entry> = Vec::new();
    for index in 0..count {
        let (lang, author, lines) = random.of(VOICES).copied().unwrap_or_default();
        let back = usize::try_from(random.below(REACH)).unwrap_or_default();
        let answers = random.below(2) == 0;
        let parent = match shape {
            Shape::Tree => answers.then(|| entries.iter().rev().nth(back)).flatten(),
            Shape::Flat => None,
            Shape::Chain => entries.last(),
            Shape::Branch if index > count / 2 => None,
            Shape::Branch if answers => entries.iter().rev().nth(back).or(entries.first()),
            Shape::Branch => entries.first(),
        };
        entries.push(Entry {
            id: Uuid::now_v7().simple().to_string(),
            thread: ThreadId::of_work(work),
            parent: parent.map(|parent| parent.id.clone()),
            author: format!("{author} {}", random.below(90) + 10),
            badge: Badge::Reader,
            lang: Lang::parse(lang),
            body: random.of(lines).copied().unwrap_or_default().to_owned(),
            created: Timestamp(now.0 - i64::from(count - index - 1) * 60_000),
            votes: i32::try_from(random.below(12)).unwrap_or_default(),
            state: CommentState::Published,
            token: None,
            email: None,
            cause: None,
        });
    }
    entries
}

/// SplitMix64 (Steele, Lea, Flood 2014): enough to shuffle, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(items.len()).unwrap_or(1));
        items.get(usize::try_from(index).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_follow_what_they_answer() {
        let entries = generate_comments("w", 500, Shape::Tree, Timestamp(0));
        assert_eq!(entries.len(), 500);
        let mut seen = std::collections::HashSet::new();
        let mut replies = 0;
        for entry in &entries {
            assert!(entry.parent.as_ref().is_none_or(|parent| seen.contains(parent)));
            replies += usize::from(entry.parent.is_some());
            assert!(seen.insert(entry.id.clone()));
            assert!(!entry.body.is_empty() && entry.lang.is_some());
        }
        assert!((150..350).contains(&replies), "{replies}");
        assert!(entries.is_sorted_by_key(|entry| entry.created));
    }

    #[test]
    fn a_thread_can_be_of_any_shape() {
        let tops = |shape| {
            let entries = generate_comments("w", 100, shape, Timestamp(0));
            entries.iter().filter(|entry| entry.parent.is_none()).count()
        };
        assert_eq!([tops(Shape::Flat), tops(Shape::Chain), tops(Shape::Branch)], [100, 1, 50]);
    }
}
