using System.Text;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>What InfluxDB would not take, each with its reason: a file that can be mended by hand and written again, since a reason is a comment in line protocol.</summary>
/// <remarks>Once full it makes way for a new one; one earlier file is kept.</remarks>
internal sealed class RejectedLines(string path, long maxBytes, TimeProvider time)
{
    private readonly Lock _writing = new();

    public void Add(string reason, ReadOnlySpan<byte> lines)
    {
        var comment = Encoding.UTF8.GetBytes($"# {time.GetUtcNow():O} {OneLine(reason)}\n");
        lock (_writing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (File.Exists(path) && new FileInfo(path).Length > maxBytes) File.Move(path, Path.ChangeExtension(path, ".1.lp"), overwrite: true);
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(comment);
            file.Write(lines);
            file.Flush(flushToDisk: true);   // the log forgets these rows next
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
