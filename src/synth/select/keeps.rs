//! What a text must keep of the one that it says anew: numbers, ids, addresses, quotations, code.
//!
//! An operator tells what it edited, so that protected spans are safe where no edit touches them. A model
//! tells nothing of the kind, and a paraphrase moves everything. So the spans of both texts are compared by
//! what they say, wherever they stand.

use crate::expand::protect::Guard;
use crate::expand::words::Text;
use std::collections::BTreeMap;

/// A protected span that does not stand in both texts as often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What kind of span it is.
    pub guard: Guard,
    /// What it says.
    pub text: String,
    /// Whether it is missing; otherwise it was put in.
    pub is_lost: bool,
}

/// Whether a variant keeps the protected spans of its parent, and adds none of the kinds that name something.
///
/// Both texts come with their protected spans ([`Text::new`]); words of meaning are counted elsewhere. Case,
/// white space and the marks around a quotation do not count. A number must occur as often as before, since
/// "2 rooms for 2 people" says two things; of other spans it is enough that each still occurs. Numbers in
/// words are not known to be the same as digits. Two numbers that change places are not seen.
pub fn keeps(parent: &Text<'_>, variant: &Text<'_>) -> Result<(), Changed> {
    let (before, after) = (Said::of(parent), Said::of(variant));
    for ((guard, text), count) in &before.spans {
        let found = after.occurrences(*guard, text);
        let needed = if *guard == Guard::Number { *count } else { 1 };
        if found < needed {
            return Err(Changed { guard: *guard, text: text.clone(), is_lost: true });
        }
    }
    for ((guard, text), count) in &after.spans {
        // A quotation, an acronym or a word that an answer repeats may come from rewording alone.
        if !matches!(
            guard,
            Guard::Url | Guard::Email | Guard::Version | Guard::Id | Guard::Code | Guard::Number
        ) {
            continue;
        }
        let known = before.occurrences(*guard, text);
        if known == 0 || (*guard == Guard::Number && *count > known) {
            return Err(Changed { guard: *guard, text: text.clone(), is_lost: false });
        }
    }
    Ok(())
}

/// The protected spans of a text by what they say, and the text in which others are looked for.
struct Said<'a> {
    spans: BTreeMap<(Guard, String), usize>,
    text: &'a str,
    squeezed: String,
}

impl<'a> Said<'a> {
    fn of(text: &Text<'a>) -> Self {
        let mut spans = BTreeMap::new();
        for span in text.protected.iter().filter(|span| span.guard != Guard::Meaning) {
            let said = essence(span.guard, &text.text[span.range.clone()]);
            if !said.is_empty() {
                *spans.entry((span.guard, said)).or_default() += 1;
            }
        }
        Self { spans, text: text.text, squeezed: squeezed(text.text) }
    }

    /// How often something stands in the text as a whole: no digit or letter of the same kind touches it.
    fn occurrences(&self, guard: Guard, said: &str) -> usize {
        let (hay, needle) = if guard == Guard::Acronym {
            (self.text, said.to_owned())
        } else {
            (self.squeezed.as_str(), squeezed(said))
        };
        let is_whole = |at: usize| {
            let before = hay[..at].chars().next_back();
            let after = hay[at + needle.len()..].chars().next();
            let (first, last) = (needle.chars().next(), needle.chars().next_back());
            match guard {
                // Without white space words run into each other; digits that touch are another number.
                Guard::Number | Guard::Version | Guard::Id => {
                    let joins = |one: Option<char>, other: Option<char>| {
                        one.is_some_and(|c| c.is_ascii_digit()) && other.is_some_and(|c| c.is_ascii_digit())
                    };
                    let fraction = hay[at + needle.len()..].strip_prefix(['.', ',', ':']);
                    let goes_on = last.is_some_and(|c| c.is_ascii_digit())
                        && fraction.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                    let part = first.is_some_and(|c| c.is_ascii_digit())
                        && hay[..at]
                            .strip_suffix(['.', ',', ':'])
                            .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
                    !(joins(before, first) || joins(last, after) || goes_on || part)
                }
                Guard::Acronym => {
                    !before.is_some_and(char::is_alphanumeric)
                        && !after.is_some_and(|c| c.is_alphanumeric() && c != 's')
                }
                _ => true,
            }
        };
        hay.match_indices(needle.as_str()).filter(|(at, _)| is_whole(*at)).count()
    }
}

/// What a span says: without the marks around a quotation, and without the punctuation of its sentence.
fn essence(guard: Guard, text: &str) -> String {
    let text = text.trim();
    match guard {
        Guard::Acronym => text.trim_end_matches('s').to_owned(),
        Guard::Quoted => {
            let marks = ['"', '“', '”', '„', '«', '»', '‘', '’', '\''];
            let outside = |c: char| marks.contains(&c) || c.is_whitespace() || ".,;:!?()[]".contains(c);
            squeezed(text.trim_matches(outside))
        }
        Guard::Number => squeezed(text.trim_end_matches(['.', ',', ':', '/', '–', '-'])),
        _ => squeezed(text),
    }
}

/// Lower case, without white space.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    fn said(parent: &str, variant: &str) -> Result<(), String> {
        let protector = Protector::new(&[r"pump \w+".to_owned()]).unwrap();
        let repeated = ["works council"];
        let (parent, variant) =
            (Text::new(parent, &protector, &repeated), Text::new(variant, &protector, &repeated));
        keeps(&parent, &variant).map_err(|changed| {
            format!("{} {:?} {}", if changed.is_lost { "lost" } else { "added" }, changed.guard, changed.text)
        })
    }

    #[test]
    fn what_is_kept_may_stand_elsewhere() {
        for (parent, variant) in [
            ("Move my 3 pm to 16:30", "Could 16:30 be the new time of my 3pm meeting?"),
            ("Book 2 rooms for 2 people.", "For 2 people, I need 2 rooms."),
            ("Where is order ORD-1234?", "Has ord-1234 been sent yet?"),
            ("Search for \"pump manual\" there", "Find “pump manual” in there"),
            ("Mail ana.b@example.com the file report.pdf", "Send report.pdf to ana.b@example.com"),
            ("Recap the Works Council call about the NDA", "What did the NDA talk of the works council say?"),
            ("Upgrade to v1.2.3, please", "I want to go up to v1.2.3"),
            ("", ""),
        ] {
            assert_eq!(said(parent, variant), Ok(()), "{variant}");
        }
    }

    #[test]
    fn what_is_lost_changed_or_invented_is_seen() {
        for (parent, variant, wanted) in [
            ("Move my 3 pm", "Move my afternoon call", "lost Number 3pm"),
            ("Move my 3 pm", "Move my 13 pm", "lost Number 3pm"),
            ("It costs 1.5 dollars", "It costs 15 dollars", "lost Number 1.5"),
            ("Pay 5", "Pay 1.5", "lost Number 5"),
            ("Pay 5", "Pay 5.25", "lost Number 5"),
            ("Book 2 rooms for 2 people", "Book 2 rooms", "lost Number 2"),
            ("Book a room", "Book a room for 4", "added Number 4"),
            ("Book 1 room", "Book 1 room and 1 car", "added Number 1"),
            ("Where is ORD-1234?", "Where is ORD-1235?", "lost Id ord-1234"),
            ("Mail it", "Mail it to bo@example.com", "added Email bo@example.com"),
            ("Open the NDA", "Open the nda", "lost Acronym NDA"),
            ("Ask IT", "Ask with ITEM lists", "lost Acronym IT"),
            ("Recap the works council call", "Recap the council call", "lost Expected workscouncil"),
            ("Order pump alpha", "Order the pump", "lost Suite pumpalpha"),
        ] {
            assert_eq!(said(parent, variant), Err(wanted.to_owned()), "{variant}");
        }
    }
}
