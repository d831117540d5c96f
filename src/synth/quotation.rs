//! Where a quotation stands in documents.

use crate::suite::variants::SourceSpan;

/// The span of a quotation in passages of documents: the first place where it stands word for word, or else the
/// first where it does but for white space; then with the words of the document. Where it stands nowhere, the span is
/// empty and has the words of the quotation, which the filter rejects as ungrounded.
pub(super) fn span_of(passages: &[SourceSpan], quotation: &str) -> SourceSpan {
    let found = |find: fn(&str, &str) -> Option<(usize, usize)>| {
        passages.iter().find_map(|passage| {
            let (start, end) = find(&passage.text, quotation)?;
            Some(SourceSpan {
                file: passage.file.clone(),
                start: passage.start + start,
                end: passage.start + end,
                text: passage.text[start..end].to_owned(),
            })
        })
    };
    found(verbatim).or_else(|| found(folded)).unwrap_or_else(|| SourceSpan {
        file: passages.first().map_or_else(String::new, |passage| passage.file.clone()),
        start: 0,
        end: 0,
        text: quotation.to_owned(),
    })
}

fn verbatim(text: &str, quotation: &str) -> Option<(usize, usize)> {
    let start = text.find(quotation).filter(|_| !quotation.trim().is_empty())?;
    Some((start, start + quotation.len()))
}

/// The same with every stretch of white space equal to any other, as where a line is broken.
fn folded(text: &str, quotation: &str) -> Option<(usize, usize)> {
    let words: Vec<&str> = quotation.split_whitespace().collect();
    let first = words.first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut at = start;
        for (number, word) in words.iter().enumerate() {
            let rest = &text[at..];
            let blank = rest.len() - rest.trim_start().len();
            // Between two words there is white space, and before the first there is none.
            if (number > 0) != (blank > 0) || !rest[blank..].starts_with(word) {
                return None;
            }
            at += blank + word.len();
        }
        Some((start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passages() -> Vec<SourceSpan> {
        let passage = |start: usize, text: &str| SourceSpan {
            file: "a.md".into(),
            start,
            end: start + text.len(),
            text: text.into(),
        };
        vec![passage(10, "Loans last\n  four weeks."), passage(100, "Überfällige Bücher cost 20 cents.")]
    }

    fn span(quotation: &str) -> (usize, usize, String) {
        let SourceSpan { start, end, text, .. } = span_of(&passages(), quotation);
        (start, end, text)
    }

    #[test]
    fn a_quotation_is_found_word_for_word_or_over_broken_lines() {
        assert_eq!(span("four weeks"), (23, 33, "four weeks".into()));
        assert_eq!(span("Loans last four weeks."), (10, 34, "Loans last\n  four weeks.".into()));
        // Two letters of two bytes each stand before it.
        assert_eq!(span("Bücher cost"), (114, 126, "Bücher cost".into()));
    }

    #[test]
    fn one_that_stands_nowhere_has_an_empty_span() {
        for quotation in ["five weeks", "Loans lastfour", "last four week s", "", " "] {
            assert_eq!(span(quotation), (0, 0, quotation.to_owned()), "{quotation:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_are_those_very_bytes(text in "[ab \n]{0,30}", quotation in "[ab \n]{0,6}") {
            let passage = SourceSpan { file: "a".into(), start: 7, end: 7 + text.len(), text: text.clone() };
            let found = span_of(&[passage], &quotation);
            if found.end > 0 {
                prop_assert_eq!(&text[found.start - 7..found.end - 7], &found.text);
                let fold = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(fold(&found.text), fold(&quotation));
            }
        }
    }
}
