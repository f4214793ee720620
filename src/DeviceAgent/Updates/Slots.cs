using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>Which slot runs. The only file that decides it, replaced whole.</summary>
/// <param name="Current">The slot that is known to be good.</param>
/// <param name="Trial">The slot to try, once; null when nothing is on trial.</param>
/// <param name="Boots">How often the trial was started: a second start before it was committed means that the first went wrong.</param>
/// <param name="Failure">Why the last trial was given up; null when it was committed.</param>
public sealed record Pointer(string Current, string? Trial = null, int Boots = 0, string? Failure = null)
{
    /// <summary>What to start next, and the pointer to write before that.</summary>
    public (string Slot, Pointer Next) Boot() => this switch
    {
        { Trial: null } => (Current, this),
        { Boots: 0 } => (Trial, this with { Boots = 1 }),
        _ => (Current, GivenUp("it was restarted before it was committed")),
    };

    public Pointer GivenUp(string why) => new(Current, Failure: why);
}

/// <summary>Two folders, A and B: one runs, the other takes what comes.</summary>
public interface ISlots
{
    Pointer Pointer { get; }

    /// <summary>What lies in a slot; null when it was installed by hand.</summary>
    Release? ReleaseIn(string slot);

    /// <summary>Unpacks the payload into the slot that does not run. Begun again from nothing when it was cut short.</summary>
    Outcome<string> Install(string payload, Release release, long mostBytes);

    /// <summary>The slot is tried at the next start.</summary>
    void Try(string slot);

    /// <summary>The slot on trial is good.</summary>
    void Commit();

    /// <summary>The slot on trial is not.</summary>
    void GiveUp(string why);
}

/// <summary><c>ROOT/current.json</c>, <c>ROOT/A</c> and <c>ROOT/B</c>.</summary>
public sealed class Slots(string root) : ISlots
{
    private const int MostFiles = 20_000;
    private const string ReleaseFile = ".release.json";

    public string Root => root;

    public Pointer Pointer
    {
        get => File.Exists(PointerFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(PointerFile), UpdateMemoryJson.Default.Pointer) ?? new Pointer("A") : new Pointer("A");
        set => AtomicFile.Write(PointerFile, JsonSerializer.SerializeToUtf8Bytes(value, UpdateMemoryJson.Default.Pointer));
    }

    public string FolderOf(string slot) => Path.Combine(root, slot);

    public Release? ReleaseIn(string slot)
    {
        var file = Path.Combine(FolderOf(slot), ReleaseFile);
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), UpdateMemoryJson.Default.Release) : null;
    }

    public Outcome<string> Install(string payload, Release release, long mostBytes)
    {
        Pointer = new Pointer(Pointer.Current);   // how an earlier trial ended says nothing about this one
        var slot = Pointer.Current == "A" ? "B" : "A";
        var folder = FolderOf(slot);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        try
        {
            if (Unpack(payload, folder, mostBytes) is { } wrong) return wrong;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException)
        {
            return new Refusal("unreadable", $"the payload is no gzipped tar: {unreadable.Message}");
        }
        if (!File.Exists(Path.Combine(folder, release.Entry))) return new Refusal("unreadable", $"the payload has no file {release.Entry}, which should be started");
        AtomicFile.Write(Path.Combine(folder, ReleaseFile), JsonSerializer.SerializeToUtf8Bytes(release, UpdateMemoryJson.Default.Release));   // last: a slot with this file is whole
        return slot;
    }

    public void Try(string slot) => Pointer = new Pointer(Pointer.Current, slot);

    public void Commit()
    {
        if (Pointer.Trial is { } good) Pointer = new Pointer(good);
    }

    public void GiveUp(string why)
    {
        if (Pointer.Trial is not null) Pointer = Pointer.GivenUp(why);
    }

    private string PointerFile => Path.Combine(root, "current.json");

    /// <summary>Files and folders only: a link or a path that leads out could write anywhere.</summary>
    private static Refusal? Unpack(string payload, string folder, long mostBytes)
    {
        using var packed = File.OpenRead(payload);
        using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        var (left, files) = (mostBytes, 0);
        var inside = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes) continue;
            var path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            if (path + Path.DirectorySeparatorChar == inside) continue;
            if (!path.StartsWith(inside, StringComparison.Ordinal)) return new Refusal("unreadable", $"the payload's file '{entry.Name}' lies outside of it");
            if (++files > MostFiles) return new Refusal("too-large", $"the payload has more than {MostFiles} files");
            if (entry.EntryType is TarEntryType.Directory)
            {
                Directory.CreateDirectory(path);
                continue;
            }
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) return new Refusal("unreadable", $"the payload's '{entry.Name}' is neither file nor folder");
            if ((left -= entry.Length) < 0) return new Refusal("too-large", $"the payload unpacks to more than the {mostBytes} bytes its release says");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: false);
            Flush(path);
        }
        return null;
    }

    private static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }
}
