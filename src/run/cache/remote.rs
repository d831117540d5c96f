//! An S3-compatible store, by way of the `object_store` crate. Endpoint, region and credentials come from the
//! environment (`AWS_*`) and from nowhere else: the metadata service of a cloud is never asked.

use super::store::{Got, Name, Put, Store, StoreError};
use crate::model::excerpt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStoreExt, RetryConfig};
use std::time::Duration;

/// Largest object that is read.
const MOST: u64 = 256 << 20;

/// Variables of which one has to be set for requests to be signed.
const CREDENTIALS: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// Variables that name the endpoint, where it is not that of the region.
const ENDPOINTS: [&str; 3] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];

/// A prefix of a bucket.
#[derive(Debug)]
pub struct Remote {
    store: AmazonS3,
    prefix: String,
    place: String,
}

impl Remote {
    /// The store in a bucket, below a prefix (without `/` at its ends; may be empty). Nothing is sent yet.
    ///
    /// By itself a call ends after twice the limit. A call is not made again: whoever uses the store can do without it. Without credentials in the
    /// environment requests are not signed. Plain HTTP is spoken where the endpoint's address says so.
    pub fn open(bucket: &str, prefix: &str, limit: Duration) -> Result<Self, StoreError> {
        let place =
            if prefix.is_empty() { format!("s3://{bucket}") } else { format!("s3://{bucket}/{prefix}") };
        // The client has no provider of cryptography of its own; one that is installed already stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let endpoint = ENDPOINTS.into_iter().find_map(set);
        let is_plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
        // Whoever guards the store gives up at the limit, and says so in fewer words than the client does.
        let late = limit.saturating_mul(2);
        let client = ClientOptions::new().with_timeout(late).with_connect_timeout(late);
        let once = RetryConfig { max_retries: 0, retry_timeout: late, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::from_env().with_client_options(client);
        if is_plain {
            builder = builder.with_allow_http(true);
        }
        if CREDENTIALS.into_iter().find_map(set).is_none() {
            builder = builder.with_skip_signature(true);
        }
        let store = builder
            .with_bucket_name(bucket)
            .with_retry(once)
            .build()
            .map_err(|error| failed(&place, &error))?;
        Ok(Self { store, prefix: prefix.to_owned(), place })
    }

    fn path(&self, name: &Name) -> Path {
        Path::from(format!("{}/{}", self.prefix, name.as_str()))
    }

    async fn read(&self, name: &Name) -> Result<Option<Vec<u8>>, StoreError> {
        let got = match self.store.get(&self.path(name)).await {
            Ok(got) => got,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(&self.place, &error)),
        };
        if got.meta.size > MOST {
            let message = format!("{} has {} bytes; at most {MOST} are read", name.as_str(), got.meta.size);
            return Err(StoreError::Remote { place: self.place.clone(), message });
        }
        let bytes = got.bytes().await.map_err(|error| failed(&self.place, &error))?;
        Ok(Some(bytes.into()))
    }

    async fn write(&self, name: &Name, bytes: Vec<u8>) -> Result<(), StoreError> {
        let put = self.store.put(&self.path(name), bytes.into()).await;
        put.map(drop).map_err(|error| failed(&self.place, &error))
    }
}

fn failed(place: &str, error: &object_store::Error) -> StoreError {
    StoreError::Remote { place: place.to_owned(), message: excerpt(&crate::exit::chain(error)) }
}

impl Store for Remote {
    fn get<'a>(&'a self, name: &'a Name) -> Got<'a> {
        Box::pin(self.read(name))
    }

    fn put<'a>(&'a self, name: &'a Name, bytes: Vec<u8>) -> Put<'a> {
        Box::pin(self.write(name, bytes))
    }
}
