using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Tests.Updates;

/// <summary>Both roles with their keys, and a machine with its two slots on disk.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public Bench()
    {
        Keys = new TrustedKeys(1, [Release.ExportSubjectPublicKeyInfo()], [Director.ExportSubjectPublicKeyInfo()]);
        Directory.CreateDirectory(Slots.FolderOf("A"));
        File.WriteAllText(Path.Combine(Slots.FolderOf("A"), "run"), "version 1");
        File.WriteAllText(Path.Combine(Slots.FolderOf("A"), ".release.json"), """{"version":"1.0.0","releaseCounter":10,"manifest":"m","entry":"run"}""");
        Payload = Pack(("run", "version 2"));
    }

    public ECDsa Release { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public ECDsa Director { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public ECDsa Thief { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public TrustedKeys Keys { get; set; }
    public FakeTimeProvider Time { get; } = new(Start);
    public byte[] Payload { get; set; }
    public string this[string name] => _folder[name];
    public Slots Slots => new(this["root"]);
    public UpdateStore Store => new(this["state/update.json"]);
    public static UpdateTarget Target { get; } = new(Some.Device, "seamless-agent", "pump", 1 << 20);

    public ReleaseManifest Manifest(long counter = 11, string version = "2.0.0") => new(
        "seamless-agent", version, counter, ["pump"], Payload.Length, Convert.ToHexStringLower(SHA256.HashData(Payload)), 4096, "run", Start.AddDays(30));

    public UpdateOffer Offer(ReleaseManifest? manifest = null, long counter = 1, Func<UpdateAssignment, UpdateAssignment>? change = null, ECDsa? releaser = null, ECDsa? director = null)
    {
        var release = UpdateDocuments.Sign(ReleaseManifest.Type, manifest ?? Manifest(), UpdateJson.Default.ReleaseManifest, releaser ?? Release);
        var assignment = new UpdateAssignment("default", Some.Device.Device, release.Hash, Start, Start.AddDays(7), counter, "c1");
        return new UpdateOffer(UpdateDocuments.Sign(UpdateAssignment.Type, change?.Invoke(assignment) ?? assignment, UpdateJson.Default.UpdateAssignment, director ?? Director), release, []);
    }

    /// <summary>A life of the program: what is on disk is all it knows.</summary>
    public Updater Boot(string slot = "A", IUpdateStore? store = null, ISlots? slots = null, IPayloadSource? payloads = null, InstallConditions? conditions = null) => new(
        Target, Keys, store ?? Store, slots ?? Slots, slot, payloads ?? Source(), conditions ?? new InstallConditions([], null),
        new UpdaterOptions(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)), Time, NullLogger.Instance);

    public Download Source(Platform? platform = null) =>
        new(new HttpClient(platform ?? new Platform(Payload)) { BaseAddress = new Uri("http://platform") }, this["download"], Some.Device, "sd_token");

    public UpdateMemory Memory => Store.Load() ?? UpdateMemory.First(Keys);

    public static byte[] Pack(params ReadOnlySpan<(string Name, string Text)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            foreach (var (name, text) in files) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }
        return bytes.ToArray();
    }

    public void Dispose()
    {
        _folder.Dispose();
        Release.Dispose();
        Director.Dispose();
        Thief.Dispose();
    }
}

/// <summary>Answers for payloads as the platform does, ranges and all, or as an attacker would.</summary>
internal sealed class Platform(byte[] payload) : HttpMessageHandler
{
    /// <summary>The line breaks after so many bytes of an answer.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Sends zeros behind the payload for ever.</summary>
    public bool Endless { get; set; }
    public int Requests { get; private set; }
    public long Sent { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        var from = (int)(request.Headers.Range?.Ranges.First().From ?? 0);
        if (from >= payload.Length) return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.RequestedRangeNotSatisfiable));
        var answer = new HttpResponseMessage(from > 0 ? System.Net.HttpStatusCode.PartialContent : System.Net.HttpStatusCode.OK) { Content = new StreamContent(new Line(this, payload.AsMemory(from)), 1) };
        if (from > 0) answer.Content.Headers.ContentRange = new System.Net.Http.Headers.ContentRangeHeaderValue(from, payload.Length - 1, payload.Length);
        return Task.FromResult(answer);
    }

    private sealed class Line(Platform platform, ReadOnlyMemory<byte> content) : Stream
    {
        private int _at;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at >= platform.BreaksAfter) throw new IOException("the line broke");
            var left = content.Length - _at;
            if (left <= 0 && !platform.Endless) return 0;
            var read = Math.Min(Math.Min(count, 64), left > 0 ? left : 64);
            if (left > 0) content.Slice(_at, read).CopyTo(buffer.AsMemory(offset));
            else buffer.AsSpan(offset, read).Clear();
            _at += read;
            platform.Sent += read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _at; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
