//! Names as they stand in ids and file names.

/// Characters of a slug at most.
pub const MAX_LENGTH: usize = 60;

/// A name in lower case, with one `-` for whatever stands between its letters and digits (of any
/// script), cut between two words after at most 60 characters. `None` for a name without any letter
/// or digit.
pub fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            // Accents written as characters of their own: their letter stands without them.
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => slug.push(c),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    if let Some((end, next)) = slug.char_indices().nth(MAX_LENGTH) {
        let words = if next == '-' { end } else { slug[..end].rfind('-').unwrap_or(end) };
        slug.truncate(words);
    }
    slug.truncate(slug.trim_end_matches('-').len());
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_become_slugs() {
        for (name, expected) in [
            ("Books a meeting, when every detail is given!", "books-a-meeting-when-every-detail-is-given"),
            ("  --What's 2+2?  ", "what-s-2-2"),
            ("Grüße aus Köln", "grüße-aus-köln"),
            ("Cafe\u{301} olé", "cafe-olé"),
            ("会議を予約する", "会議を予約する"),
        ] {
            assert_eq!(slug(name).as_deref(), Some(expected));
        }
        assert_eq!(slug("!?"), None);
        assert_eq!(slug(""), None);
    }

    #[test]
    fn a_long_name_is_cut_between_two_words() {
        let name = "a".repeat(40) + " " + &"b".repeat(30);
        assert_eq!(slug(&name).unwrap(), "a".repeat(40));
        assert_eq!(slug(&("a".repeat(60) + " b")).unwrap(), "a".repeat(60));
        assert_eq!(slug(&"a".repeat(80)).unwrap(), "a".repeat(60));
    }

    proptest! {
        #[test]
        fn a_slug_is_its_own_slug(name in any::<String>()) {
            if let Some(once) = slug(&name) {
                prop_assert!(once.chars().count() <= MAX_LENGTH);
                prop_assert_eq!(slug(&once), Some(once.clone()));
            }
        }
    }
}
