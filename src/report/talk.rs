//! What came of simulated users' conversations, for the terminal: every one that was wanted is accounted for.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::synth::model;
use crate::session::talk::{Outcome, Talks};
use crate::synth::talk::TalkEnd;
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of a text that are shown.
const MOST: usize = 100;

/// The page. Costs are in `currency`.
pub fn page(talks: &Talks, currency: &str) -> String {
    let mut page = String::new();
    let talked = talks.outcomes.iter().filter(|one| one.ended.is_ok()).count();
    let kept = talks.outcomes.iter().filter(|one| one.ended.is_ok() && one.rejected.is_none()).count();
    let _ = writeln!(page, "Suite `{}`: {talked} of {} conversations led", talks.suite, talks.wanted);
    let ended = |end: TalkEnd| {
        let is = |one: &&Outcome| matches!(one.ended, Ok((ended, _)) if ended == end);
        talks.outcomes.iter().filter(is).count()
    };
    let _ = writeln!(
        page,
        "  {} served, {} gave up, {} after the last turn",
        ended(TalkEnd::Served),
        ended(TalkEnd::GaveUp),
        ended(TalkEnd::Turns)
    );
    let _ = writeln!(page, "  {kept} put aside for review, {} of them new", talks.new.min(kept));
    page.push('\n');
    for one in &talks.outcomes {
        let who = one.persona.as_deref().unwrap_or("an ordinary user");
        let _ = writeln!(page, "  {}: {}", short(who), short(&one.goal));
        let _ = match &one.ended {
            Ok((end, turns)) => {
                let how = match end {
                    TalkEnd::Served => "served",
                    TalkEnd::GaveUp => "gave up",
                    TalkEnd::Turns => "wanted more",
                };
                writeln!(page, "    {how} after {}", count(*turns, "message", "messages"))
            }
            Err(error) => writeln!(page, "    nothing came of it: {}", short(&error.to_string())),
        };
        if let Some((code, why)) = &one.rejected {
            let _ = writeln!(page, "    not put aside: {code}: {}", short(why));
        }
    }
    let missing = talks.wanted.saturating_sub(talks.outcomes.len());
    if missing > 0 {
        let _ = writeln!(page, "  {} not led to the end", count(missing, "conversation", "conversations"));
    }
    page.push('\n');
    for (name, tally) in &talks.models {
        let _ = writeln!(page, "  {}: {}", terminal_line(name), model(tally, currency));
    }
    page.push('\n');
    if let Some(why) = &talks.spent {
        let _ = writeln!(page, "No more was asked: {}. The same command goes on.", terminal_line(why));
    } else if talks.stopped {
        page += "Stopped. The same command goes on.\n";
    }
    if kept > 0 {
        let _ = writeln!(
            page,
            "Next: `holdline review --variants {}`. What is accepted is replayed word for word, whatever is answered.",
            talks.suite
        );
    }
    page
}

fn short(text: &str) -> String {
    terminal_line(&shortened(text, MOST))
}
