using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Parts.Resupply;

namespace Seamless.ServiceDesk.Parts;

/// <summary>The real network from a folder: <c>depots.csv</c>, <c>stock.csv</c>, <c>technicians.csv</c>, each with a header line. Read at each start; only what is new is added.</summary>
internal static class NetworkFiles
{
    /// <exception cref="InvalidDataException">A file says something that cannot be; names file and line.</exception>
    public static async Task EnsureAsync(DeskWork work, string tenant, string folder, CancellationToken ct)
    {
        var db = work.Db;
        var depots = await db.Depots.Where(d => d.Tenant == tenant).Select(d => d.Id).ToHashSetAsync(ct);
        foreach (var row in Read(folder, "depots.csv", "id", "name", "tier", "latitude", "longitude", "timeZone", "parent"))
            if (depots.Add(row["id"])) db.Depots.Add(DepotOf(tenant, row));
        var technicians = await db.Technicians.Where(t => t.Tenant == tenant).Select(t => t.Id).ToHashSetAsync(ct);
        var partners = await db.Partners.Where(p => p.Tenant == tenant).Select(p => p.Id).ToHashSetAsync(ct);
        foreach (var row in Read(folder, "technicians.csv", ["id", "latitude", "longitude", "skills"], TechnicianLine.Optional))
        {
            if (!technicians.Add(row["id"])) continue;
            var technician = TechnicianLine.Read(row);
            if (technician.Profile?.Partner is { } partner && partners.Add(partner)) db.Partners.Add(new PartnerRow { Tenant = tenant, Id = partner, Name = partner, Cities = [] });
            db.Technicians.Add(technician.ToRow(tenant));
        }
        var serials = await db.Units.Where(u => u.Tenant == tenant).Select(u => u.Serial).ToHashSetAsync(ct);
        var listed = new Dictionary<(string Sku, string Depot), int>();
        foreach (var row in Read(folder, "stock.csv", "sku", "serial", "depot"))
        {
            if (!depots.Contains(row["depot"])) throw row.Wrong($"there is no depot '{row["depot"]}'");
            listed[(row["sku"], row["depot"])] = listed.GetValueOrDefault((row["sku"], row["depot"])) + 1;
            if (serials.Add(row["serial"])) StarterNetwork.AddUnit(work, tenant, row["sku"], row["serial"], row["depot"]);
        }
        // Until a plan says otherwise, what they keep there is what is to be kept there.
        await StockLevelRow.EnsureAsync(work, tenant, listed.Select(l => (l.Key.Sku, l.Key.Depot, l.Value)), "file", ct);
    }

    private static DepotRow DepotOf(string tenant, Row row)
    {
        if (!Enum.TryParse<DepotTier>(row["tier"], true, out var tier)) throw row.Wrong($"'{row["tier"]}' is no tier; national, central and regional are");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(row["timeZone"], out _)) throw row.Wrong($"'{row["timeZone"]}' is no IANA time zone");
        return new DepotRow
        {
            Tenant = tenant, Id = row["id"], Name = row["name"], Tier = tier, Latitude = row.Number("latitude"), Longitude = row.Number("longitude"),
            TimeZone = row["timeZone"], Parent = row["parent"] is { Length: > 0 } parent ? parent : null,
        };
    }

    private static IEnumerable<Row> Read(string folder, string file, params string[] columns) => Read(folder, file, columns, []);

    /// <param name="optional">Columns that may follow, in any order.</param>
    private static IEnumerable<Row> Read(string folder, string file, string[] columns, string[] optional)
    {
        var path = Path.Combine(folder, file);
        var lines = File.ReadAllLines(path);
        var header = lines.Length == 0 ? [] : lines[0].Split(',', StringSplitOptions.TrimEntries);
        if (!header.Take(columns.Length).SequenceEqual(columns) || header.Skip(columns.Length).Except(optional).Any() || header.Distinct().Count() != header.Length)
            throw new InvalidDataException($"{path}:1: the columns must be {string.Join(',', columns)}{(optional.Length == 0 ? "" : $", then any of {string.Join(',', optional)}")}");
        columns = header;
        for (var i = 1; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            var cells = lines[i].Split(',', StringSplitOptions.TrimEntries);
            if (cells.Length != columns.Length) throw new InvalidDataException($"{path}:{i + 1}: {columns.Length} columns are expected, {cells.Length} are there");
            yield return new Row(path, i + 1, columns, cells);
        }
    }

    internal sealed record Row(string Path, int Line, string[] Columns, string[] Cells)
    {
        public string this[string column] => Cells[Array.IndexOf(Columns, column)];

        /// <summary>Null where the column is not there or empty.</summary>
        public string? Maybe(string column) => Columns.Contains(column) && this[column] is { Length: > 0 } text ? text : null;

        public double Number(string column) =>
            double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"'{this[column]}' is no number ({column})");

        public InvalidDataException Wrong(string what) => new($"{Path}:{Line}: {what}");
    }
}
