using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>What lies in a slot.</summary>
/// <param name="Entry">The program to start, relative to the slot.</param>
public sealed record Release(string Version, long ReleaseCounter, string Manifest, string Entry);

/// <summary>What the updater must still know after a power cut. Written before each act, whole.</summary>
/// <param name="Phase">What is being done, or how the last offer ended.</param>
/// <param name="Offer">The one in hand, or the last.</param>
/// <param name="Counter">Of the newest assignment accepted.</param>
/// <param name="Failed">Hashes of releases that were rolled back here, the newest <see cref="MostFailed"/>.</param>
/// <param name="TimeFloor">The newest time that a signed document has said: it is no earlier than that, whatever the clock says.</param>
/// <param name="Reports">Reports made so far: the version of the reported shadow.</param>
/// <param name="Code">Why it waits, was refused or rolled back.</param>
public sealed record UpdateMemory(
    UpdatePhase Phase, UpdateOffer? Offer, TrustedKeys Keys, long Counter, IReadOnlyList<string> Failed, DateTimeOffset TimeFloor, long Reports,
    string? Code = null, string? Detail = null)
{
    public const int MostFailed = 32;

    public static UpdateMemory First(TrustedKeys keys) => new(UpdatePhase.Idle, null, keys, 0, [], DateTimeOffset.UnixEpoch, 0);

    public UpdateMemory With(UpdatePhase phase, string? code = null, string? detail = null) => this with { Phase = phase, Code = code, Detail = detail };

    /// <summary>The manifest in hand; only where the offer was accepted before.</summary>
    public ReleaseManifest? Release() => Offer is null ? null : UpdateDocuments.Read(Offer.Release, ReleaseManifest.Type, UpdateJson.Default.ReleaseManifest).Value;
    public UpdateAssignment? Assignment() => Offer is null ? null : UpdateDocuments.Read(Offer.Assignment, UpdateAssignment.Type, UpdateJson.Default.UpdateAssignment).Value;
}

/// <summary>Where the memory lies.</summary>
public interface IUpdateStore
{
    UpdateMemory? Load();

    /// <summary>Returns when it is on disk. Either the old or the new one is found after a crash.</summary>
    void Save(UpdateMemory memory);
}

/// <summary>One JSON file.</summary>
public sealed class UpdateStore(string path) : IUpdateStore
{
    public UpdateMemory? Load() => File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), UpdateMemoryJson.Default.UpdateMemory) : null;

    public void Save(UpdateMemory memory) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(memory, UpdateMemoryJson.Default.UpdateMemory));
}

/// <summary>A small file that is replaced whole: beside it, flushed, renamed.</summary>
internal static class AtomicFile
{
    public static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UpdateMemory))]
[JsonSerializable(typeof(Pointer))]
[JsonSerializable(typeof(Release))]
internal sealed partial class UpdateMemoryJson : JsonSerializerContext;
