//! Rows of a table that are made on all cores, and written in their order.

use std::io;
use std::thread;

/// Rows that one thread makes at a time: enough that starting it costs nothing beside them, and few to keep.
const PIECE: usize = 1 << 10;

/// Writes what `rows` makes of all items, in the order of the items. The bytes are the same on any number of cores.
///
/// A population of a million rows is the largest file of a package; on one core it took a third of a run.
///
/// # Errors
/// Where `rows` or `out` does.
pub(super) fn write<T: Sync>(
    mut items: impl Iterator<Item = T>,
    out: &mut dyn io::Write,
    rows: impl Fn(&[T]) -> io::Result<Vec<u8>> + Sync,
) -> io::Result<()> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    loop {
        let mut pieces: Vec<Vec<T>> = (0..cores).map(|_| items.by_ref().take(PIECE).collect()).collect();
        pieces.retain(|piece| !piece.is_empty());
        match pieces.as_slice() {
            [] => return Ok(()),
            [piece] => out.write_all(&rows(piece)?)?,
            [..] => thread::scope(|threads| {
                let made: Vec<_> = pieces.iter().map(|piece| threads.spawn(|| rows(piece))).collect();
                made.into_iter().try_for_each(|made| out.write_all(&made.join().expect("making rows does not panic")?))
            })?,
        }
    }
}
