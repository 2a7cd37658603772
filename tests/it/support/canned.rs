//! A server on a free port of 127.0.0.1 that answers each request as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// A request.
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// An answer.
#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

type Answers = dyn Fn(&Request) -> Answer + Send + Sync;

/// The server. It ends when it is dropped.
pub struct Canned {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Canned {
    pub fn start(answers: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a port that is listened at");
        let (answers, ended): (Arc<Answers>, _) = (Arc::new(answers), Arc::new(AtomicBool::new(false)));
        let until = Arc::clone(&ended);
        let listening = std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if until.load(Ordering::SeqCst) {
                    return;
                }
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || serve(&connection, &*answers));
            }
        });
        Canned { address, ended, listening: Some(listening) }
    }

    /// What an AWS client needs in its environment to reach it.
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address).as_str()),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

/// Answers on a connection until the client is done; whoever goes is no failure of the server's.
fn serve(connection: &TcpStream, answers: &Answers) -> Option<()> {
    let mut requests = BufReader::new(connection);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let mut words = lines.first()?.split(' ').map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let headers: Vec<(String, String)> = lines[1..]
            .iter()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut request = Request { method, target, headers, body: Vec::new() };
        request.body.resize(request.header("content-length").parse().unwrap_or(0), 0);
        requests.read_exact(&mut request.body).ok()?;
        let Answer { status, headers, body } = answers(&request);
        let mut answer = format!("HTTP/1.1 {status} Canned\r\ncontent-length: {}\r\n", body.len());
        headers.iter().for_each(|(name, value)| answer += &format!("{name}: {value}\r\n"));
        let mut connection = connection;
        connection.write_all((answer + "\r\n").as_bytes()).ok()?;
        connection.write_all(&body).ok()?;
    }
}
