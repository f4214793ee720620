using Seamless.ServiceDesk.Care.Tips;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class TipTokenTests : IDisposable
{
    private static readonly TipLink Link = new("default", "acme", "pump-vibration");
    private readonly string _folder = Directory.CreateTempSubdirectory("tips-").FullName;

    private TipTokens Tokens => new(new OperationsDatabase(_folder));

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_link_names_its_recipient_is_the_same_each_time_and_fits_into_a_path_and_a_text_message()
    {
        var token = Tokens.Of(Link);
        Assert.Equal(Link, Tokens.Read(token));
        Assert.Equal(token, Tokens.Of(Link));   // another process with the same key file
        Assert.Matches("^[A-Za-z0-9_.-]{20,80}$", token);
    }

    [Fact]
    public void No_altered_character_no_other_recipient_and_no_other_key_is_taken()
    {
        var token = Tokens.Of(Link);
        for (var i = 0; i < token.Length; i++)
            foreach (var c in "AB_-.z")
                if (token[i] != c) Assert.Null(Tokens.Read(token[..i] + c + token[(i + 1)..]));
        for (var length = 0; length < token.Length; length++) Assert.Null(Tokens.Read(token[..length]));
        Assert.Null(Tokens.Read(token + "A"));
        var other = Tokens.Of(Link with { Recipient = "bohai" });
        Assert.Null(Tokens.Read($"{other.Split('.')[0]}.{token.Split('.')[1]}"));   // another's name under our signature
        Assert.Null(Tokens.Read(token.Split('.')[0]));
        File.WriteAllBytes(Path.Combine(_folder, TipTokens.KeyFile), new byte[32]);
        Assert.Null(Tokens.Read(token));
    }

    [Fact]
    public void Nothing_at_all_can_make_it_throw()
    {
        Tokens.Of(Link);
        var random = new Random(50);
        for (var run = 0; run < 5000; run++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 60)).Select(_ => (char)random.Next(32, run % 2 == 0 ? 127 : 0x3000))]);
            Assert.Null(Tokens.Read(text));
            Assert.Null(Tokens.Read($"{text}.{text}"));
        }
        Assert.Null(Tokens.Read(new string('A', 100_000)));
    }
}
