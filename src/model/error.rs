//! What can go wrong between a request and a complete answer.

/// Why an endpoint gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ModelError {
    /// What went wrong, as a word of a fixed set.
    pub kind: ModelErrorKind,
    /// What went wrong, in words. May hold parts of the reply, but never a query or a password of an
    /// address.
    pub message: String,
    /// The HTTP status, where one other than 2xx is what went wrong.
    pub status: Option<u16>,
    /// How long the server asks to be left alone (`Retry-After`), in milliseconds; at most a day.
    pub retry_after_ms: Option<u64>,
}

impl ModelError {
    /// An error of this kind.
    pub fn new(kind: ModelErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), status: None, retry_after_ms: None }
    }
}

/// The ways in which asking over HTTP can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelErrorKind {
    /// The request cannot be made: a bad address or header.
    Request,
    /// Nobody listens at the address.
    Refused,
    /// The connection could not be made, or broke.
    Connection,
    /// No complete answer within the limit.
    Timeout,
    /// A status other than 2xx, or an error in place of the completion.
    Status,
    /// The reply is over the size limit.
    TooLarge,
    /// The reply is not UTF-8.
    NotText,
    /// The reply is not JSON.
    NotJson,
    /// The reply is JSON and holds no completion.
    NoCompletion,
}

/// The beginning of a text, on one line, for messages.
pub(crate) fn excerpt(text: &str) -> String {
    const MOST: usize = 300;
    let mut cut = String::new();
    let mut characters = text.trim().chars();
    for character in characters.by_ref().take(MOST) {
        cut.push(if character.is_control() { ' ' } else { character });
    }
    if characters.next().is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_is_one_short_line_without_control_characters() {
        assert_eq!(excerpt(" a\nb\u{1b}[31mc\n"), "a b [31mc");
        assert_eq!(excerpt(&"ü".repeat(300)), "ü".repeat(300));
        assert_eq!(excerpt(&"ü".repeat(301)), format!("{}…", "ü".repeat(300)));
    }
}
