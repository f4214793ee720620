using Microsoft.Extensions.Logging;
using Seamless.Storage.Log;

namespace Seamless.Storage.TimeSeries.Segments.Files;

/// <summary>The directory of the segments, a folder a day. Whatever changes files goes through here, so that a crash leaves nothing half done behind.</summary>
/// <remarks>
/// A file is written under another name, made durable, then renamed. A merged segment names the seals it holds: those it replaces are recognised by
/// their numbers when a crash came before they were deleted.
/// </remarks>
internal sealed class SegmentFolder(string root, bool durable, ILogger logger)
{
    private const string Unfinished = ".new";
    private const string Damaged = ".damaged";

    public string Root { get; } = root;

    /// <summary>Called after each change to files; for tests that stop the world there.</summary>
    public Action<string>? Changed { get; set; }

    // Opening

    /// <summary>All whole segments, by day, then in order of writing.</summary>
    public List<Segment> Open()
    {
        Directory.CreateDirectory(Root);
        var segments = new List<Segment>();
        foreach (var folder in Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal))
            if (Day.TryParse(Path.GetFileName(folder), out var day)) segments.AddRange(OpenDay(folder, day));
        return segments;
    }

    private List<Segment> OpenDay(string folder, long day)
    {
        var segments = new List<Segment>();
        foreach (var path in Directory.GetFiles(folder))
        {
            if (path.EndsWith(Unfinished, StringComparison.Ordinal)) File.Delete(path);
            else if (SegmentName.TryParse(Path.GetFileName(path), out var name) && OpenOrSetAside(path, day, name) is { } segment) segments.Add(segment);
        }
        // A crash between a merge and the deletion of what was merged leaves both.
        foreach (var replaced in segments.Where(s => segments.Any(o => o != s && o.Name.Contains(s.Name))).ToArray())
        {
            segments.Remove(replaced);
            Delete(replaced);
        }
        segments.Sort(static (a, b) => a.Name.CompareTo(b.Name));
        return segments;
    }

    private Segment? OpenOrSetAside(string path, long day, SegmentName name)
    {
        if (Segment.Open(path, day, name) is { } segment) return segment;
        StoreMessages.SegmentDamaged(logger, path, path + Damaged);
        File.Move(path, path + Damaged, overwrite: true);
        return null;
    }

    // Writing

    /// <summary>A segment that is whole and durable under a name that nobody looks at yet.</summary>
    public readonly record struct Prepared(string Path, long Day, SegmentName Name);

    public Prepared Prepare(long day, SegmentName name, Action<SegmentWriter> fill)
    {
        var folder = FolderOf(day);
        var path = Path.Combine(folder, name.File);
        var prepared = new Prepared(path, day, name);
        try
        {
            using var file = File.OpenHandle(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.Read);
            var writer = new SegmentWriter(file);
            fill(writer);
            writer.Finish();
            Changed?.Invoke("written");
            if (durable) Disk.Flush(file);
            Changed?.Invoke("flushed");
            return prepared;
        }
        catch
        {
            Discard([prepared]);   // on a full disk it would only take more of it
            throw;
        }
    }

    private string FolderOf(long day)
    {
        var folder = Path.Combine(Root, Day.FolderOf(day));
        if (Directory.Exists(folder)) return folder;
        Directory.CreateDirectory(folder);
        if (durable) Disk.FlushDirectory(Root);
        Changed?.Invoke("folder");
        return folder;
    }

    public Segment Publish(Prepared prepared)
    {
        File.Move(prepared.Path + Unfinished, prepared.Path, overwrite: true);
        Changed?.Invoke("renamed");
        if (durable) Disk.FlushDirectory(Path.GetDirectoryName(prepared.Path)!);
        return Segment.Open(prepared.Path, prepared.Day, prepared.Name) ?? throw new IOException($"{prepared.Path} is not what was written");
    }

    /// <summary>Takes back what was prepared.</summary>
    public static void Discard(IEnumerable<Prepared> prepared)
    {
        foreach (var one in prepared) File.Delete(one.Path + Unfinished);
    }

    /// <summary>Deletes the file; who reads it still may finish.</summary>
    public void Delete(Segment segment)
    {
        File.Delete(segment.Path);
        segment.Release();
        Changed?.Invoke("deleted");
        var folder = Path.GetDirectoryName(segment.Path)!;
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    /// <summary>A small file replaced whole.</summary>
    public void Replace(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(Root, name);
        using (var file = File.OpenHandle(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            RandomAccess.Write(file, bytes, 0);
            if (durable) Disk.Flush(file);
        }
        Changed?.Invoke("state written");
        File.Move(path + Unfinished, path, overwrite: true);
        if (durable) Disk.FlushDirectory(Root);
        Changed?.Invoke("state renamed");
    }
}
