//! Server-sent events, as far as chat completions use them: the data of each event.

/// Takes a stream apart, however it is cut into chunks.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: Option<String>,
    after_return: bool,
    begun: bool,
}

/// A line that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotText;

impl Events {
    /// Takes the next bytes and returns the data of the events that they complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, NotText> {
        let mut complete = Vec::new();
        for &byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => complete.extend(self.end_line()?),
                _ => self.line.push(byte),
            }
        }
        Ok(complete)
    }

    /// Takes the end of the stream. Servers are known to leave out the last empty line.
    pub(super) fn finish(&mut self) -> Result<Option<String>, NotText> {
        if !self.line.is_empty() {
            self.end_line()?;
        }
        Ok(self.data.take())
    }

    fn end_line(&mut self) -> Result<Option<String>, NotText> {
        let mut line = std::str::from_utf8(&self.line).map_err(|_| NotText)?;
        if !std::mem::replace(&mut self.begun, true) {
            line = line.trim_start_matches('\u{feff}');
        }
        let event = if line.is_empty() { self.data.take() } else { None };
        if let Some(value) = line.strip_prefix("data").filter(|rest| rest.is_empty() || rest.starts_with(':'))
        {
            let value = value.strip_prefix(':').unwrap_or(value);
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            }
        }
        self.line.clear();
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(stream: &[u8], chunk: usize) -> Vec<String> {
        let mut events = Events::default();
        let mut found: Vec<String> =
            stream.chunks(chunk).flat_map(|bytes| events.push(bytes).unwrap()).collect();
        found.extend(events.finish().unwrap());
        found
    }

    #[test]
    fn events_are_the_same_wherever_the_stream_is_cut() {
        let stream = "\u{feff}: hello\r\nevent: x\r\ndata: é1\r\n\r\ndata:two\ndata: lines\n\n\
                      data: a\rdata\r\rid: 7\n\ndatum: no\n\ndata: [DONE]\n\n";
        let expected = ["é1", "two\nlines", "a\n", "[DONE]"];
        for chunk in 1..=stream.len() {
            assert_eq!(all(stream.as_bytes(), chunk), expected, "chunks of {chunk}");
        }
    }

    #[test]
    fn a_missing_last_line_end_loses_nothing() {
        assert_eq!(all(b"data: 1\n\ndata: 2", 3), ["1", "2"]);
        assert_eq!(all(b"data: 1\n\ndata: 2\n", 3), ["1", "2"]);
        assert!(all(b"", 1).is_empty());
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error() {
        assert_eq!(Events::default().push(b"data: \xff\n"), Err(NotText));
    }
}
