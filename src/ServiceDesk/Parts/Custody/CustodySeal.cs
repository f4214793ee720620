using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Parts.Custody;

/// <summary>Signs each move of a unit together with the one before it: seal = HMAC-SHA256(key, seal before ‖ the move as JSON), in hexadecimal.</summary>
/// <remarks>
/// The key lies beside the database in a file of its own. Whoever can write the database and has no key cannot change, add, remove or reorder a move without breaking the chain from there on;
/// the end of the chain stands with the unit, so that the last move cannot be taken away either.
/// </remarks>
internal sealed class CustodySeal(OperationsDatabase database)
{
    public const string KeyFile = "custody.key";
    private const int PageLength = 500;
    private static readonly string Origin = new('0', 64);
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SecretFile _key = new(Path.Combine(database.DataDirectory, KeyFile), "remove it: the seals so far can then no longer be checked");

    /// <summary>In the same transaction as the moves.</summary>
    public void Link(IReadOnlyList<(UnitRow Unit, UnitMoveRow Move)> moves)
    {
        if (moves.Count == 0) return;
        var key = _key.ReadOrMake();
        foreach (var (unit, move) in moves) Link(key, unit, move);
    }

    /// <summary>Moves from before there were seals, once.</summary>
    public async Task LinkEarlierAsync(DeskContext db, CancellationToken ct)
    {
        while (await db.Units.Where(u => u.Seal == "").OrderBy(u => u.Tenant).ThenBy(u => u.Serial).Take(PageLength).ToListAsync(ct) is { Count: > 0 } page)
        {
            var (key, serials) = (_key.ReadOrMake(), page.ConvertAll(u => u.Serial));
            var moves = (await db.UnitMoves.Where(m => serials.Contains(m.Serial)).OrderBy(m => m.Id).ToListAsync(ct)).ToLookup(m => (m.Tenant, m.Serial));
            foreach (var unit in page)
            {
                foreach (var move in moves[(unit.Tenant, unit.Serial)]) Link(key, unit, move);
                if (unit.Seal.Length == 0) unit.Seal = Origin;
            }
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
    }

    /// <param name="moves">All of the unit, in order.</param>
    public CustodyCheck Check(UnitRow unit, IReadOnlyList<UnitMoveRow> moves)
    {
        if (_key.Read() is not { } key) return Broken(1, $"the key {KeyFile} is not in the data directory");
        var seal = Origin;
        for (var i = 0; i < moves.Count; i++)
        {
            var (number, move) = (i + 1, moves[i]);
            if (move.Number != number) return Broken(number, $"move {number} is missing");
            if (!Same(move.Seal, seal = SealOf(key, seal, move))) return Broken(number, $"move {number} is not the one that was signed");
            if (i > 0 && moves[i - 1].To != move.From) return Broken(number, $"move {number} begins at {move.From}, but the one before it ended at {moves[i - 1].To}");
        }
        return moves.Count != unit.Moves || !Same(unit.Seal, seal) ? Broken(moves.Count + 1, $"move {moves.Count + 1} is missing")
            : moves.Count > 0 && moves[^1].To != unit.Place ? Broken(moves.Count, $"the last move ended at {moves[^1].To}, but the unit is said to be at {unit.Place}")
            : new CustodyCheck(true, 1, moves.Count, null);

        CustodyCheck Broken(int number, string why) => new(false, 1, moves.Count, new CustodyBreak(unit.Serial, number, why));
    }

    private static void Link(byte[] key, UnitRow unit, UnitMoveRow move)
    {
        move.Number = ++unit.Moves;
        move.Seal = unit.Seal = SealOf(key, unit.Seal.Length == 0 ? Origin : unit.Seal, move);
    }

    private static string SealOf(byte[] key, string before, UnitMoveRow move)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Convert.FromHexString(before));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            json.WriteNumberValue(move.Number);
            json.WriteNumberValue(move.At.ToUnixTimeMilliseconds());
            foreach (var text in (string?[])[move.Tenant, move.Serial, move.Kind, move.From, move.To, move.Actor, move.Ticket, move.Giver, move.Reason]) json.WriteStringValue(text);
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, buffer.WrittenSpan));
    }

    private static bool Same(string kept, string computed) => string.Equals(kept, computed, StringComparison.Ordinal);
}
