// SPDX-License-Identifier: MIT
// SQLite with owners, and with errors that cannot be overlooked: every failure throws SqliteError, which the
// store catches in one place. Thread: a database and its statements belong to one thread at a time; only
// interrupt() may be called from another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace jkp::io {

class SqliteError : public std::runtime_error {
  public:
    SqliteError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    [[nodiscard]] bool damaged() const;  // the file is no database, or a broken one
    [[nodiscard]] bool no_room() const;  // the file system is full, or the file may not grow
    [[nodiscard]] bool interrupted() const;

  private:
    int code_;  // extended
};

class Sqlite;

// Indices of parameters and columns count from 0.
class SqliteStatement {
  public:
    SqliteStatement(Sqlite& database, const std::string& sql);

    SqliteStatement& bind(int index, std::int64_t value);
    SqliteStatement& bind(int index, std::optional<std::int64_t> value);
    SqliteStatement& bind(int index, std::string_view text);
    SqliteStatement& bind_blob(int index, std::string_view bytes);
    // True: a row is there to be read.
    bool step();
    // For a statement without rows: runs it and makes it ready for the next values.
    void run();
    void reset();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optional(int column) const;
    [[nodiscard]] std::string text(int column) const;  // or the bytes of a blob

  private:
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const;
    };
    void check(int code, const char* doing) const;
    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Sqlite {
  public:
    enum class Mode : std::uint8_t { create, read };
    Sqlite(const std::string& path, Mode mode);

    void run(const std::string& sql);                           // one or more statements without rows
    [[nodiscard]] std::int64_t number(const std::string& sql);  // the first column of the first row; else 0
    [[nodiscard]] std::string word(const std::string& sql);
    // Whether the file has been removed or replaced behind our back.
    [[nodiscard]] bool moved();
    void interrupt();
    [[nodiscard]] sqlite3* handle() const { return database_.get(); }

  private:
    struct Closer {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Closer> database_;
};

// Rolled back unless committed.
class SqliteTransaction {
  public:
    explicit SqliteTransaction(Sqlite& database);
    ~SqliteTransaction();
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    void commit();

  private:
    Sqlite& database_;
    bool open_ = true;
};

}  // namespace jkp::io
