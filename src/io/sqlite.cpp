// SPDX-License-Identifier: MIT
#include "io/sqlite.hpp"

#include <sqlite3.h>
#include <unistd.h>

namespace jkp::io {
namespace {

constexpr int busy_ms = 2000;  // somebody makes a copy, for example

[[noreturn]] void fail(sqlite3* database, int code, const std::string& doing) {
    const int extended = database == nullptr ? code : sqlite3_extended_errcode(database);
    const char* cause = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
    throw SqliteError(extended == SQLITE_OK ? code : extended, "cannot " + doing + ": " + cause);
}

// A database in WAL whose folder cannot be written can be opened only like this, and only when nobody has it
// open; '?' and '#' would end the path of a URI.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?') {
            uri += "%3f";
        } else if (c == '#') {
            uri += "%23";
        } else if (c == '%') {
            uri += "%25";
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

}  // namespace

bool SqliteError::damaged() const {
    const int primary = code_ & 0xFF;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

bool SqliteError::no_room() const {
    return (code_ & 0xFF) == SQLITE_FULL || code_ == SQLITE_IOERR_WRITE || code_ == SQLITE_IOERR_SHMSIZE ||
           code_ == SQLITE_IOERR_FSYNC || code_ == SQLITE_IOERR_TRUNCATE;
}

bool SqliteError::interrupted() const {
    return (code_ & 0xFF) == SQLITE_INTERRUPT;
}

void SqliteStatement::Finalizer::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(Sqlite& database, const std::string& sql) : database_(database.handle()) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    statement_.reset(statement);
    check(code, "prepare a statement");
}

void SqliteStatement::check(int code, const char* doing) const {
    if (code != SQLITE_OK) fail(database_, code, doing);
}

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), index + 1, value), "bind a number");
    return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::optional<std::int64_t> value) {
    if (value) return bind(index, *value);
    check(sqlite3_bind_null(statement_.get(), index + 1), "bind nothing");
    return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::string_view text) {
    check(sqlite3_bind_text64(statement_.get(), index + 1, text.data(), text.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8),
          "bind a text");
    return *this;
}

SqliteStatement& SqliteStatement::bind_blob(int index, std::string_view bytes) {
    check(sqlite3_bind_blob64(statement_.get(), index + 1, bytes.data(), bytes.size(), SQLITE_TRANSIENT),
          "bind bytes");
    return *this;
}

bool SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(database_, code, "run a statement");
    return false;
}

void SqliteStatement::run() {
    while (step()) {
    }
    reset();
}

void SqliteStatement::reset() {
    sqlite3_reset(statement_.get());  // its code is that of the last step, which was told already
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> SqliteStatement::optional(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::string SqliteStatement::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    if (bytes == nullptr || size <= 0) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Sqlite::Closer::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Sqlite::Sqlite(const std::string& path, Mode mode) {
    const auto open = [this](const std::string& name, int flags) {
        sqlite3* database = nullptr;
        const int code = sqlite3_open_v2(name.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
        database_.reset(database);
        return code;
    };
    const bool reads = mode == Mode::read;
    int code = open(path, reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (reads && code == SQLITE_OK &&
        sqlite3_exec(handle(), "PRAGMA schema_version", nullptr, nullptr, nullptr) != SQLITE_OK &&
        ::access((path + "-wal").c_str(), F_OK) != 0) {
        code = open(immutable_uri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
    if (code != SQLITE_OK) fail(handle(), code, "open " + path);
    sqlite3_extended_result_codes(handle(), 1);
    sqlite3_busy_timeout(handle(), busy_ms);
}

void Sqlite::run(const std::string& sql) {
    const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle(), code, "run \"" + sql.substr(0, 40) + '"');
}

std::int64_t Sqlite::number(const std::string& sql) {
    SqliteStatement statement(*this, sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string Sqlite::word(const std::string& sql) {
    SqliteStatement statement(*this, sql);
    return statement.step() ? statement.text(0) : std::string();
}

bool Sqlite::moved() {
    int moved = 0;
    const int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return code == SQLITE_OK && moved != 0;
}

void Sqlite::interrupt() {
    sqlite3_interrupt(handle());
}

SqliteTransaction::SqliteTransaction(Sqlite& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
    // Some errors have ended it already; then this one does nothing.
    if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace jkp::io
