//! The lines of a file, one at a time: a baseline of a million cases is not held as a text.

use super::error::BaselineError;
use super::files::READ_LIMIT;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The lines of a text, up to the limit of what is read of a file.
pub(super) struct Lines<'p, R> {
    path: &'p Path,
    source: R,
    line: Vec<u8>,
    read: u64,
}

impl<'p> Lines<'p, BufReader<io::Take<File>>> {
    /// The lines of a file; `None` where there is no such file.
    pub fn open(path: &'p Path) -> Result<Option<Self>, BaselineError> {
        match File::open(path) {
            Ok(file) => {
                Ok(Some(Self::of(BufReader::with_capacity(64 << 10, file.take(READ_LIMIT + 1)), path)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(BaselineError::Read { path: path.to_owned(), source }),
        }
    }
}

impl<'p, R: BufRead> Lines<'p, R> {
    /// The lines of a text; `path` is for what is said of mistakes.
    pub fn of(source: R, path: &'p Path) -> Self {
        Self { path, source, line: Vec::new(), read: 0 }
    }

    /// The path, for what is said of mistakes.
    pub const fn path(&self) -> &'p Path {
        self.path
    }

    /// The next line without its end; `None` behind the last.
    pub fn next(&mut self) -> Result<Option<&str>, BaselineError> {
        let path = || self.path.to_owned();
        self.line.clear();
        let read = self.source.read_until(b'\n', &mut self.line);
        self.read += read.map_err(|source| BaselineError::Read { path: path(), source })? as u64;
        if self.read > READ_LIMIT {
            return Err(BaselineError::TooLarge { path: path(), limit: READ_LIMIT });
        }
        if self.line.is_empty() {
            return Ok(None);
        }
        let line = match self.line.strip_suffix(b"\n") {
            Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
            None => &self.line,
        };
        std::str::from_utf8(line).map(Some).map_err(|_| BaselineError::NotText { path: path() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_a_text() {
        for text in ["", "a", "a\n", "a\r\nb\r", "\n\na\r\r\n\r\n", "ü\n日本"] {
            let mut lines = Lines::of(text.as_bytes(), Path::new("x"));
            let mut found = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                found.push(line.to_owned());
            }
            assert!(found.iter().eq(text.lines()), "{text:?} {found:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_an_error() {
        let mut lines = Lines::of(&b"a\n\xff\n"[..], Path::new("x"));
        assert_eq!(lines.next().unwrap(), Some("a"));
        assert!(matches!(lines.next(), Err(BaselineError::NotText { .. })));
    }
}
