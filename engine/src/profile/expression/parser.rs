//! Words into a tree: a Pratt parser over the grammar of the specification.

use super::{
    Mistake,
    ast::Node,
    eval::Function,
    lexer::{Token, words},
};

/// Expressions within expressions: deeper ones are refused, since what walks them uses the stack.
const MAX_DEPTH: usize = 60;

// How strongly a sign binds what is left of it.
const PIPE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const COMPARE: u8 = 5;
const FLATTEN: u8 = 9;
/// Signs that bind less end a projection.
const PROJECTION: u8 = 10;
const STAR: u8 = 20;
const FILTER: u8 = 21;
const DOT: u8 = 40;
/// `!a.b` is not `a.b`: what follows a name binds more.
const NOT: u8 = 8;
const BRACKET: u8 = 55;

/// Reads an expression.
pub fn parse(text: &str) -> Result<Node, Mistake> {
    let words = words(text)?;
    let mut parser = Parser { text, words: words.into_iter().peekable(), depth: 0 };
    let node = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.mistake("the end or an operator")),
    }
}

struct Parser<'t> {
    text: &'t str,
    words: std::iter::Peekable<std::vec::IntoIter<(Token, usize)>>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Token {
        self.words.peek().map_or(Token::End, |(token, _)| token.clone())
    }

    fn at(&mut self) -> usize {
        self.words.peek().map_or(self.text.len(), |(_, at)| *at)
    }

    fn next(&mut self) -> Token {
        match self.peek() {
            // The end stays.
            Token::End => Token::End,
            token => {
                self.words.next();
                token
            }
        }
    }

    fn mistake(&mut self, expected: &str) -> Mistake {
        let found = self.peek().describe();
        Mistake { expected: expected.to_owned(), found, at: self.at(), text: self.text.to_owned() }
    }

    fn takes(&mut self, sign: &'static str) -> bool {
        let here = self.peek() == Token::Sign(sign);
        if here {
            self.words.next();
        }
        here
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Mistake> {
        if self.takes(sign) { Ok(()) } else { Err(self.mistake(&format!("\"{sign}\""))) }
    }

    fn deeper(&mut self) -> Result<(), Mistake> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.mistake(&format!("at most {MAX_DEPTH} expressions within each other")))
    }

    /// An expression whose operators bind more than `least`.
    fn expression(&mut self, least: u8) -> Result<Node, Mistake> {
        let outer = self.depth;
        self.deeper()?;
        let mut left = self.first()?;
        while strength(&self.peek()) > least {
            self.deeper()?;
            left = self.more(left)?;
        }
        self.depth = outer;
        Ok(left)
    }

    /// What begins an expression.
    fn first(&mut self) -> Result<Node, Mistake> {
        let at = self.at();
        match self.peek() {
            Token::Name(name, is_quoted) => {
                self.next();
                match self.peek() {
                    Token::Sign("(") if !is_quoted => self.call(&name, at),
                    Token::Variable(_) if name == "let" && !is_quoted => self.bindings(),
                    _ => Ok(Node::Field(name)),
                }
            }
            Token::Variable(name) => {
                self.next();
                Ok(Node::Variable(name))
            }
            Token::Literal(value) => {
                self.next();
                Ok(Node::Literal(value))
            }
            Token::Sign(sign) => match sign {
                "@" => {
                    self.next();
                    Ok(Node::Current)
                }
                "*" => {
                    self.next();
                    let right = self.projected(STAR)?;
                    Ok(Node::ProjectMembers(Node::Current.boxed(), right.boxed()))
                }
                "[]" | "[?" => self.more(Node::Current),
                "[" => {
                    self.next();
                    match self.peek() {
                        Token::Number(_) | Token::Sign(":") => self.index(Node::Current),
                        Token::Sign("*") if self.is_wildcard() => self.index(Node::Current),
                        _ => self.list(),
                    }
                }
                "{" => {
                    self.next();
                    self.object()
                }
                "!" => {
                    self.next();
                    Ok(Node::Not(self.expression(NOT)?.boxed()))
                }
                "(" => {
                    self.next();
                    let inner = self.expression(0)?;
                    self.expect(")")?;
                    Ok(inner)
                }
                "&" => {
                    self.next();
                    Ok(Node::Reference(self.expression(0)?.boxed()))
                }
                _ => Err(self.mistake("an expression")),
            },
            _ => Err(self.mistake("an expression")),
        }
    }

    /// What goes on an expression.
    fn more(&mut self, left: Node) -> Result<Node, Mistake> {
        let left = left.boxed();
        match self.next() {
            Token::Sign(".") => {
                if self.takes("*") {
                    let right = self.projected(STAR)?;
                    return Ok(Node::ProjectMembers(left, right.boxed()));
                }
                Ok(Node::Then(left, self.after_dot(DOT)?.boxed()))
            }
            Token::Sign("|") => Ok(Node::Then(left, self.expression(PIPE)?.boxed())),
            Token::Sign("||") => Ok(Node::Or(left, self.expression(OR)?.boxed())),
            Token::Sign("&&") => Ok(Node::And(left, self.expression(AND)?.boxed())),
            Token::Compare(compare) => {
                Ok(Node::Compare(compare, left, self.expression(COMPARE)?.boxed()))
            }
            Token::Sign("[]") => {
                let right = self.projected(FLATTEN)?;
                Ok(Node::Project(Node::Flatten(left).boxed(), right.boxed()))
            }
            Token::Sign("[?") => {
                let condition = self.expression(0)?;
                self.expect("]")?;
                let right = self.projected(FILTER)?;
                Ok(Node::Filter(left, condition.boxed(), right.boxed()))
            }
            Token::Sign("[") => self.index(*left),
            _ => Err(self.mistake("an operator")),
        }
    }

    /// After a dot: a name, a function, `[a, b]` or `{a: b}`.
    fn after_dot(&mut self, strength: u8) -> Result<Node, Mistake> {
        match self.peek() {
            Token::Name(..) | Token::Sign("*") => self.expression(strength),
            Token::Sign("[") => {
                self.next();
                self.list()
            }
            Token::Sign("{") => {
                self.next();
                self.object()
            }
            // Not in the specification, and of use: an expression of its own for each item.
            Token::Sign("(") => self.expression(strength),
            _ => Err(self.mistake("a name, \"{\" or \"[\" after the dot")),
        }
    }

    /// What is taken of each item of a projection.
    fn projected(&mut self, binding: u8) -> Result<Node, Mistake> {
        let next = self.peek();
        if strength(&next) < PROJECTION {
            return Ok(Node::Current);
        }
        match next {
            Token::Sign(".") => {
                self.next();
                // The rest of the path belongs to each item.
                self.after_dot(binding)
            }
            Token::Sign("[" | "[?") => self.expression(binding),
            _ => Err(self.mistake("\".\", \"[\" or the end")),
        }
    }

    /// After `[`: `*]`, a number or a slice.
    fn index(&mut self, left: Node) -> Result<Node, Mistake> {
        if self.takes("*") {
            self.expect("]")?;
            let right = self.projected(STAR)?;
            return Ok(Node::Project(left.boxed(), right.boxed()));
        }
        let mut parts = [None; 3];
        let mut colons = 0;
        loop {
            match self.peek() {
                Token::Number(number) => {
                    let Some(part @ None) = parts.get_mut(colons) else {
                        return Err(self.mistake("\":\" or \"]\""));
                    };
                    *part = Some(number);
                    self.next();
                }
                Token::Sign(":") if colons < 2 => {
                    self.next();
                    colons += 1;
                }
                Token::Sign("]") if colons > 0 || parts != [None; 3] => break,
                _ if colons > 0 || parts != [None; 3] => return Err(self.mistake("\"]\"")),
                _ => return Err(self.mistake("a number, \":\" or \"*\"")),
            }
        }
        let [start, stop, step] = parts;
        if colons > 0 && step == Some(0) {
            return Err(self.mistake("a step other than 0"));
        }
        self.next();
        match start {
            Some(index) if colons == 0 => Ok(Node::Then(left.boxed(), Node::Index(index).boxed())),
            _ => {
                let slice = Node::Slice(start, stop, step.unwrap_or(1));
                let right = self.projected(STAR)?;
                let sliced = Node::Then(left.boxed(), slice.boxed());
                Ok(Node::Project(sliced.boxed(), right.boxed()))
            }
        }
    }

    /// Whether what comes is `*]`.
    fn is_wildcard(&mut self) -> bool {
        let mut ahead = self.words.clone();
        ahead.next();
        ahead.next().is_some_and(|(token, _)| token == Token::Sign("]"))
    }

    fn list(&mut self) -> Result<Node, Mistake> {
        let mut nodes = Vec::new();
        loop {
            nodes.push(self.expression(0)?);
            if !self.takes(",") {
                self.expect("]")?;
                return Ok(Node::List(nodes));
            }
        }
    }

    fn object(&mut self) -> Result<Node, Mistake> {
        let mut members = Vec::new();
        loop {
            let Token::Name(name, _) = self.peek() else {
                return Err(self.mistake("the name of a member"));
            };
            self.next();
            self.expect(":")?;
            members.push((name, self.expression(0)?));
            if !self.takes(",") {
                self.expect("}")?;
                return Ok(Node::Object(members));
            }
        }
    }

    /// After `let`: `$a = b, $c = d in e`.
    fn bindings(&mut self) -> Result<Node, Mistake> {
        let mut names = Vec::new();
        loop {
            let Token::Variable(name) = self.peek() else {
                return Err(self.mistake("a name that begins with \"$\""));
            };
            self.next();
            self.expect("=")?;
            names.push((name, self.expression(0)?));
            if !self.takes(",") {
                break;
            }
        }
        if self.peek() != Token::Name("in".to_owned(), false) {
            return Err(self.mistake("\"in\""));
        }
        self.next();
        Ok(Node::Let(names, self.expression(0)?.boxed()))
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Node, Mistake> {
        let mistake = |expected: String, found: String| Mistake {
            expected,
            found,
            at,
            text: self.text.to_owned(),
        };
        let Some(function) = Function::named(name) else {
            let expected = match Function::nearest(name) {
                Some(near) => format!("a function (did you mean \"{near}\"?)"),
                None => "a function".to_owned(),
            };
            return Err(mistake(expected, format!("\"{name}\"")));
        };
        self.expect("(")?;
        let mut arguments = Vec::new();
        if !self.takes(")") {
            loop {
                arguments.push(self.expression(0)?);
                if !self.takes(",") {
                    self.expect(")")?;
                    break;
                }
            }
        }
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let expected = match most {
                usize::MAX => format!("at least {least} arguments of {name}()"),
                _ if least == most => format!("{least} arguments of {name}()"),
                _ => format!("{least} to {most} arguments of {name}()"),
            };
            return Err(Mistake {
                expected,
                found: arguments.len().to_string(),
                at,
                text: self.text.to_owned(),
            });
        }
        Ok(Node::Call(function, arguments, at))
    }
}

/// How strongly a word binds what is left of it; 0 ends an expression.
fn strength(token: &Token) -> u8 {
    match token {
        Token::Compare(_) => COMPARE,
        Token::Sign(sign) => match *sign {
            "|" => PIPE,
            "||" => OR,
            "&&" => AND,
            "[]" => FLATTEN,
            "*" => STAR,
            "[?" => FILTER,
            "." => DOT,
            "[" => BRACKET,
            _ => 0,
        },
        _ => 0,
    }
}
