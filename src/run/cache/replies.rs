//! Replies that generators paid for, kept by what decides them. Unlike answers and verdicts they do not count
//! before they are on the disk: what cannot be kept is an error.

use super::cached::now;
use super::entry::Entry;
use super::folder::Folder;
use super::key::{Key, reply_key};
use super::store::{Name, Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;

/// Replies kept in a folder.
#[derive(Debug, Clone)]
pub struct Replies {
    folder: Folder,
}

impl Replies {
    /// Those in a folder, which is made when there is something to keep.
    pub fn new(folder: &Path) -> Self {
        Self { folder: Folder::new(folder) }
    }

    /// The key of a reply: `parts` say all that decides it under a protocol.
    pub fn key(protocol: u32, parts: &Value) -> Key {
        reply_key(protocol, parts)
    }

    /// What is kept under a key; `None` where nothing is, or what is there is torn or damaged.
    pub async fn find<A: Serialize + DeserializeOwned>(&self, key: &Key) -> Result<Option<A>, StoreError> {
        let bytes = self.folder.get(&Name::answer(key)).await?;
        Ok(bytes.and_then(|bytes| Entry::decode(key, &bytes)).map(|entry| entry.answer))
    }

    /// Keeps a reply.
    pub async fn keep<A: Serialize + DeserializeOwned + Clone>(
        &self,
        key: &Key,
        reply: &A,
    ) -> Result<(), StoreError> {
        let entry = Entry { asked: now(), answer: reply.clone() };
        let Some(bytes) = entry.encode(key) else {
            let source = std::io::Error::other("what is to be kept is no JSON");
            return Err(StoreError::Io { path: self.folder.root().to_owned(), source });
        };
        self.folder.put(&Name::answer(key), bytes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn what_is_kept_is_found_under_its_key_alone_and_damage_is_nothing() {
        let root = tempfile::tempdir().unwrap();
        let replies = Replies::new(root.path());
        let (one, other) = (Replies::key(1, &json!(["a"])), Replies::key(2, &json!(["a"])));
        assert_ne!(one, other);
        replies.keep(&one, &json!({ "x": 1 })).await.unwrap();
        assert_eq!(replies.find::<Value>(&one).await.unwrap(), Some(json!({ "x": 1 })));
        assert_eq!(replies.find::<Value>(&other).await.unwrap(), None);
        let path = root.path().join(Name::answer(&one).as_str());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("1}", "2}")).unwrap();
        assert_eq!(replies.find::<Value>(&one).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(Replies::new(&file).keep(&Replies::key(1, &json!(1)), &json!({})).await.is_err());
    }
}
