//! How an answer is kept: a line that says what it is, with a checksum, and the answer as JSON.

use super::key::{Key, PROTOCOL};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first words of an entry.
const KIND: &str = "holdline-answer";

/// An answer that is kept: one of an application, or one of a judge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry<A> {
    /// When it was asked, in seconds since 1970.
    pub asked: u64,
    /// The answer, with the times that were measured then.
    pub answer: A,
}

impl<A: Serialize + DeserializeOwned> Entry<A> {
    /// The bytes that are kept under a key; `None` where the answer cannot become JSON (a time that is no
    /// number).
    pub fn encode(&self, key: &Key) -> Option<Vec<u8>> {
        let body = serde_json::to_vec(&self.answer).ok()?;
        let mut bytes = head(key, self.asked, &body).into_bytes();
        bytes.extend_from_slice(&body);
        Some(bytes)
    }

    /// Reads what is kept under a key; `None` where it is torn, damaged, of another version, or something else.
    pub fn decode(key: &Key, bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (line, body) = (&bytes[..=end], &bytes[end + 1..]);
        let asked = asked(line)?;
        if line != head(key, asked, body).as_bytes() {
            return None;
        }
        Some(Self { asked, answer: serde_json::from_slice(body).ok()? })
    }
}

/// The first line: what this is, its version and key, when it was asked, and a checksum of that and the rest.
fn head(key: &Key, asked: u64, body: &[u8]) -> String {
    let what = format!("{KIND} {PROTOCOL} {} {asked}", key.as_str());
    let sum = blake3::Hasher::new().update(what.as_bytes()).update(b"\n").update(body).finalize();
    format!("{what} {}\n", &sum.to_hex()[..32])
}

/// When the entry that begins so was asked. Nothing else of it is looked at.
pub(super) fn asked(beginning: &[u8]) -> Option<u64> {
    let line = beginning.split(|byte| *byte == b'\n').next()?;
    let words: Vec<&str> = std::str::from_utf8(line).ok()?.split_ascii_whitespace().collect();
    let [kind, _, _, asked, _] = words.as_slice() else { return None };
    if *kind != KIND {
        return None;
    }
    asked.parse().ok()
}

/// Most bytes of a first line.
pub(super) const HEAD: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cache::key::made_up as key;
    use crate::target::Answer;

    fn entry() -> (Key, Entry<Answer>) {
        (
            key("a"),
            Entry {
                asked: 1_764_000_000,
                answer: Answer { latency_ms: Some(12.5), ..Answer::from("hi\nho") },
            },
        )
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let (key, entry) = entry();
        let bytes = entry.encode(&key).unwrap();
        assert_eq!(Entry::<Answer>::decode(&key, &bytes), Some(entry));
        assert!(bytes.iter().position(|byte| *byte == b'\n').unwrap() < HEAD);
        assert_eq!(asked(&bytes[..HEAD.min(bytes.len())]), Some(1_764_000_000));
    }

    #[test]
    fn what_is_torn_damaged_or_of_another_key_is_not_read() {
        let (own, entry) = entry();
        let bytes = entry.encode(&own).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(Entry::<Answer>::decode(&own, &bytes[..end]), None, "cut at {end}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(Entry::<Answer>::decode(&own, &damaged), None, "damaged at {at}");
        }
        assert_eq!(Entry::<Answer>::decode(&key("b"), &bytes), None);
        assert_eq!(Entry::<Answer>::decode(&own, b"{\"output\": \"hi\"}\n"), None);
        assert_eq!(Entry::<Answer>::decode(&own, &[bytes.as_slice(), b"more"].concat()), None);
    }
}
