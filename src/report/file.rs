//! Writing a file as a whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes beside the file and renames. A link stays, and what it points to is replaced. What is no
/// ordinary file (a pipe, `/dev/stdout`) is written to as it is.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    replace_by(path, |out| out.write_all(contents))
}

/// As [`replace`], with contents that are written bit by bit; where that fails, the file stays as it was.
pub(crate) fn replace_by<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    if is_special(path) {
        return write(&mut File::options().append(true).open(path)?);
    }
    let target = path.canonicalize();
    let path = target.as_deref().unwrap_or(path);
    let mut beside = beside(path)?;
    write(&mut beside)?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes sure that the file can be written, makes its folders, and removes what stands there.
#[cfg(feature = "cli")]
pub(super) fn clear(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if is_special(path) {
        return File::options().append(true).open(path).map(drop);
    }
    let target = path.canonicalize();
    let path = target.as_deref().unwrap_or(path);
    beside(path)?.close()?;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn is_special(path: &Path) -> bool {
    // `/dev/stdout` may lead to an ordinary file, which others are writing to as well.
    if cfg!(unix) && path.starts_with("/dev") {
        return true;
    }
    std::fs::metadata(path).is_ok_and(|of| !of.is_file() && !of.is_dir())
}

fn beside(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".holdline-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program would create it, less the user's mask: CI uploads files as other users.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
