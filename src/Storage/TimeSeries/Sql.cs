using DuckDB.NET.Data;

namespace Seamless.Storage.TimeSeries;

/// <summary>Short forms for plain SQL.</summary>
internal static class Sql
{
    /// <summary>A name as an SQL identifier, whatever it contains.</summary>
    public static string Quote(string identifier) => '"' + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    public static int Execute(this DuckDBConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <param name="parameters">Bound to $1, $2 …</param>
    public static DuckDBCommand Prepare(this DuckDBConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters) command.Parameters.Add(new DuckDBParameter(parameter));
        return command;
    }

    public static List<T> Query<T>(this DuckDBConnection connection, Func<DuckDBDataReader, T> row, string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = connection.Prepare(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }
}
