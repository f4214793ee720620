using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.ServiceDesk.Tests.Sessions;

public sealed class TranscriptTests
{
    private static readonly IReadOnlyList<SessionEntry> Written = Write();

    [Fact]
    public void A_transcript_as_it_was_written_is_intact() => Assert.True(IsIntact(Written));

    /// <summary>Every field of every entry, one after another.</summary>
    [Fact]
    public void A_change_anywhere_is_found()
    {
        var changes = new Func<SessionEntry, SessionEntry>[]
        {
            e => e with { At = e.At.AddMilliseconds(1) }, e => e with { Kind = "note" }, e => e with { Actor = "mallory" }, e => e with { Text = e.Text with { En = "nothing" } },
            e => e with { Text = e.Text with { ZhCn = "无" } }, e => e with { DataJson = e.DataJson is null ? "{}" : null }, e => e with { Number = e.Number + 1 }, e => e with { Hash = new string('f', 64) },
        };
        for (var i = 0; i < Written.Count; i++)
            foreach (var change in changes) Assert.False(IsIntact([.. Written.Select((e, at) => at == i ? change(e) : e)]), $"entry {i + 1}");
    }

    [Fact]
    public void A_missing_an_added_or_a_moved_entry_is_found()
    {
        for (var i = 0; i < Written.Count; i++)
        {
            Assert.False(IsIntact([.. Written.Where((_, at) => at != i)]), $"without {i + 1}");
            if (i > 0) Assert.False(IsIntact([.. Written.Select((e, at) => at == i - 1 ? Written[i] : at == i ? Written[i - 1] : e)]), $"{i} and {i + 1} exchanged");
        }
        Assert.False(IsIntact([.. Written, Written[^1] with { Number = Written.Count + 1 }]));
    }

    [Fact]
    public void An_entry_computed_anew_does_not_fit_the_end_that_is_kept()
    {
        var forged = Write("mallory");

        Assert.False(Transcript.IsIntact("T-1", 1, forged, forged.Count, Written[^1].Hash));
        Assert.False(Transcript.IsIntact("T-1", 2, Written, Written.Count, Written[^1].Hash));   // nor does another session's transcript
    }

    private static bool IsIntact(IReadOnlyList<SessionEntry> entries) => Transcript.IsIntact("T-1", 1, entries, Written.Count, Written[^1].Hash);

    private static List<SessionEntry> Write(string actor = "anna")
    {
        var (entries, hash) = (new List<SessionEntry>(), Transcript.Origin);
        foreach (var kind in (string[])[Transcript.Asked, Transcript.Consented, Transcript.Command, Transcript.Result, Transcript.Ended])
        {
            var entry = new SessionEntry(entries.Count + 1, House.Start.AddSeconds(entries.Count), kind, actor, new LocalizedText(kind, "步骤"), kind == Transcript.Command ? """{"name":"self-test"}""" : null, "");
            entries.Add(entry with { Hash = hash = Transcript.HashOf(hash, "T-1", 1, entry) });
        }
        return entries;
    }
}
