//! Lines that a person types: read one at a time, of a bounded length.

use std::io::{self, BufRead, Read};

/// Bytes of a line that are read; what stands behind them on the line is passed over.
const LIMIT: u64 = 64 << 10;

/// The next line, trimmed; `None` at the end of the input.
pub(super) fn line(input: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    input.take(LIMIT).read_until(b'\n', &mut bytes)?;
    if bytes.len() as u64 == LIMIT && bytes.last() != Some(&b'\n') {
        // The rest of a line that is too long is no answer to the next question.
        input.skip_until(b'\n')?;
    }
    Ok((!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_end_with_the_input() {
        let mut input = "  a \r\n\nlast".as_bytes();
        let lines: Vec<_> = std::iter::from_fn(|| line(&mut input).unwrap()).collect();
        assert_eq!(lines, ["a", "", "last"]);
    }

    #[test]
    fn the_rest_of_a_line_that_is_too_long_is_not_taken_for_another_answer() {
        let limit = usize::try_from(LIMIT).unwrap();
        let text = format!("{}a\nq\n", "x".repeat(limit));
        let mut input = text.as_bytes();
        assert_eq!(line(&mut input).unwrap().map(|line| line.len()), Some(limit));
        assert_eq!(line(&mut input).unwrap().as_deref(), Some("q"));
        let just = format!("{}\nq\n", "x".repeat(limit - 1));
        let mut input = just.as_bytes();
        assert_eq!(line(&mut input).unwrap().map(|line| line.len()), Some(limit - 1));
        assert_eq!(line(&mut input).unwrap().as_deref(), Some("q"));
    }
}
