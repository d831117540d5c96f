//! Whether the passages that a draft rests on stand in the documents, word for word and where it says.

use crate::suite::variants::SourceSpan;

/// Why a passage does not stand in the documents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ungrounded {
    /// It is empty, or ends before it begins.
    #[error("a source of {file} is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// No document that the generator was shown is called so.
    #[error("{file} is none of the documents that were shown")]
    Unknown {
        /// The file.
        file: String,
    },
    /// Other words stand there.
    #[error("bytes {start} to {end} of {file} do not say what is quoted from there")]
    Other {
        /// The file.
        file: String,
        /// First byte.
        start: usize,
        /// The byte after the last.
        end: usize,
    },
}

/// Whether each source lies within a passage of the same file that was shown, and says there what it is
/// quoted with, byte for byte.
pub fn grounded(sources: &[SourceSpan], shown: &[SourceSpan]) -> Result<(), Ungrounded> {
    for source in sources {
        let file = source.file.clone();
        if source.start >= source.end || source.text.trim().is_empty() {
            return Err(Ungrounded::Empty { file });
        }
        let mut of_file = shown.iter().filter(|passage| passage.file == source.file).peekable();
        if of_file.peek().is_none() {
            return Err(Ungrounded::Unknown { file });
        }
        if !of_file.any(|passage| said_there(passage, source) == Some(source.text.as_str())) {
            return Err(Ungrounded::Other { file, start: source.start, end: source.end });
        }
    }
    Ok(())
}

/// What a passage says where a source lies; `None` where that is not within it.
fn said_there<'p>(passage: &'p SourceSpan, source: &SourceSpan) -> Option<&'p str> {
    let (start, end) = (source.start.checked_sub(passage.start)?, source.end.checked_sub(passage.start)?);
    passage.text.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(file: &str, start: usize, text: &str) -> SourceSpan {
        SourceSpan { file: file.into(), start, end: start + text.len(), text: text.into() }
    }

    #[test]
    fn a_source_must_say_where_it_is_what_it_is_quoted_with() {
        let shown = [
            span("a.md", 100, "Größe: 30 days to return it."),
            span("a.md", 200, "No fee."),
            span("b.md", 0, "x"),
        ];
        // "Größe: " has nine bytes.
        assert_eq!(grounded(&[span("a.md", 109, "30 days"), span("a.md", 200, "No fee.")], &shown), Ok(()));
        assert_eq!(grounded(&[], &shown), Ok(()));
        for wrong in [
            span("a.md", 110, "30 days"),
            span("a.md", 109, "60 days"),
            span("a.md", 0, "30 days"),
            span("a.md", 102, "x"),
            span("b.md", 0, "xy"),
        ] {
            assert!(
                matches!(grounded(std::slice::from_ref(&wrong), &shown), Err(Ungrounded::Other { .. })),
                "{wrong:?}"
            );
        }
        assert!(matches!(grounded(&[span("c.md", 0, "x")], &shown), Err(Ungrounded::Unknown { .. })));
        assert!(matches!(grounded(&[span("b.md", 0, "")], &shown), Err(Ungrounded::Empty { .. })));
        let backwards = SourceSpan { start: 5, end: 1, ..span("a.md", 0, "x") };
        assert!(matches!(grounded(&[backwards], &shown), Err(Ungrounded::Empty { .. })));
    }
}
