//! As much HTTP as it takes to tell a stand-in what to do: one request, one answer, one connection.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Sends a request to `http://host:port` and returns the answer's body; any status but 200 is the test's failure.
pub fn request(url: &str, method: &str, path: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").expect("a stand-in is reached by plain HTTP");
    let mut stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("cannot reach {url}: {error}"));
    let length = body.len();
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n{body}")
        .expect("the stand-in takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the stand-in answers in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head and a body");
    assert!(head.split(' ').nth(1) == Some("200"), "{method} {path}: {answer}");
    body.to_owned()
}
