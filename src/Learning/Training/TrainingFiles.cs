using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Seamless.Learning.Tables;
using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary><c>files/{tenant}/{id}.csv</c> with <c>{id}.json</c>, which is written last.</summary>
internal sealed class TrainingFiles(LearningOptions options, TimeProvider time) : ITrainingFiles
{
    /// <summary>Of each tenant; an older one is removed when a new one comes.</summary>
    internal const int MostKept = 20;
    private const int MostName = 120;
    private const int BufferBytes = 64 * 1024;

    public long MaxBytes => options.MaxFileBytes;

    public async Task<Outcome<TrainingFile>> AddAsync(string tenant, string by, string name, Stream content, CancellationToken ct)
    {
        var folder = FolderOf(tenant);
        Directory.CreateDirectory(folder);
        var part = Path.Combine(folder, $"{Guid.CreateVersion7(time.GetUtcNow()):N}.part");
        try
        {
            name = ShortName(name);
            var stored = await StoreAsync(content, part, ct);
            if (stored is not var (bytes, id)) return ((ITrainingFiles)this).TooLarge;
            var described = await Task.Run(() => Describe(part, name, ct), ct);
            if (!described.Succeeded) return described.Refusal;
            var (rows, columns) = described.Value;
            var file = new TrainingFile(id, name, bytes, rows, columns, by, time.GetUtcNow());
            File.Move(part, CsvOf(tenant, id), overwrite: true);
            await File.WriteAllTextAsync(CardOf(tenant, id), JsonSerializer.Serialize(file, TrainingJson.Options), ct);
            foreach (var old in List(tenant).Skip(MostKept)) Remove(tenant, old.Id);
            return file;
        }
        catch (InvalidDataException broken)
        {
            return Refusal.Invalid($"{name}: the gzip file cannot be unpacked: {broken.Message}");
        }
        finally
        {
            File.Delete(part);
        }
    }

    public TrainingFile? Find(string tenant, string id) => IsId(id) && PathOf(tenant, id) is not null ? Read(CardOf(tenant, id)) : null;

    public IReadOnlyList<TrainingFile> List(string tenant) => Directory.Exists(FolderOf(tenant))
        ? [.. Directory.EnumerateFiles(FolderOf(tenant), "*.json").Select(Read).OfType<TrainingFile>().OrderByDescending(file => file.AddedAt)]
        : [];

    public string? PathOf(string tenant, string id) => IsId(id) && File.Exists(CsvOf(tenant, id)) ? CsvOf(tenant, id) : null;

    /// <summary>Unpacks, counts and hashes at once. Null when there is more than may be.</summary>
    private async Task<(long Bytes, string Id)?> StoreAsync(Stream content, string path, CancellationToken ct)
    {
        await using var plain = await UnpackedAsync(content, ct);
        await using var target = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, bytes) = (new byte[BufferBytes], 0L);
        while (await plain.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if ((bytes += read) > MaxBytes) return null;
            hash.AppendData(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)));
    }

    /// <summary>What begins like gzip is gzip, whatever it is called.</summary>
    private static async Task<Stream> UnpackedAsync(Stream content, CancellationToken ct)
    {
        var first = new byte[2];
        var read = await content.ReadAtLeastAsync(first, 2, throwOnEndOfStream: false, ct);
        var whole = new PrefixedStream(first.AsMemory(0, read), content);
        return read == 2 && first is [0x1F, 0x8B] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    /// <summary>Reads it once through: a table that cannot be read is refused now and not when its turn has come.</summary>
    private static Outcome<(int Rows, IReadOnlyList<TrainingColumn> Columns)> Describe(string path, string name, CancellationToken ct)
    {
        try
        {
            using var reader = CsvReader.Open(path);
            if (reader.Header.Distinct().Count() < reader.Header.Count || reader.Header.Any(string.IsNullOrWhiteSpace))
                throw new TableException($"{path}:1: every column needs a name of its own; the first line holds: {string.Join(", ", reader.Header)}");
            var columns = reader.Header.Select(column => new ColumnScan(column)).ToArray();
            var rows = 0;
            while (reader.Read())
            {
                if (++rows % 10_000 == 0) ct.ThrowIfCancellationRequested();
                for (var i = 0; i < columns.Length; i++) columns[i].Add(reader.Row[i]);
            }
            if (rows == 0) throw new TableException($"{path}:2: there are no rows below the header");
            return (rows, (IReadOnlyList<TrainingColumn>)[.. columns.Select(column => column.Result)]);
        }
        catch (TableException wrong)
        {
            return Refusal.Invalid(wrong.Message.Replace(path, name, StringComparison.Ordinal));
        }
    }

    private static TrainingFile? Read(string card)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingFile>(File.ReadAllText(card), TrainingJson.Options);
        }
        catch (Exception gone) when (gone is IOException or JsonException)
        {
            return null;
        }
    }

    private void Remove(string tenant, string id)
    {
        File.Delete(CardOf(tenant, id));
        File.Delete(CsvOf(tenant, id));
    }

    private static string ShortName(string name)
    {
        var last = Path.GetFileName(name.Replace('\\', '/'));
        return last.Length == 0 ? "table.csv" : last.Length <= MostName ? last : last[^MostName..];
    }

    private static bool IsId(string id) => id.Length == 16 && id.All(char.IsAsciiHexDigitLower);

    private string FolderOf(string tenant) => Path.Combine(options.TrainingFolder, "files", tenant);
    private string CsvOf(string tenant, string id) => Path.Combine(FolderOf(tenant), id + ".csv");
    private string CardOf(string tenant, string id) => Path.Combine(FolderOf(tenant), id + ".json");

    private sealed class ColumnScan(string name)
    {
        private bool _numeric = true, _label = true, _zero, _one;

        public void Add(string cell)
        {
            if (_numeric) _numeric = CsvReader.TryNumber(cell, out _);
            if (!_label) return;
            var text = cell.Trim();
            _zero |= text == "0";
            _one |= text == "1";
            _label = text is "0" or "1";
        }

        public TrainingColumn Result => new(name, _numeric, _label && _zero && _one);
    }
}
