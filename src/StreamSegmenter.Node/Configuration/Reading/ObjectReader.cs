using System.Globalization;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Units;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Reads the keys of one object of a document; what is wrong with them goes to the problems.</summary>
/// <param name="path">Where the object stands, for people: <c>segments.vip.on-enter[0]</c>; empty at the root.</param>
public sealed class ObjectReader(string path, HoconObject value, ProblemList problems)
{
    public string KeyOf(string key) =>
        path.Length == 0 ? new HoconPath(key).ToString() : $"{path}.{new HoconPath(key)}";

    /// <summary>Where the key's value was written, or the object itself if there is no such key.</summary>
    public HoconOrigin PlaceOf(string key) => Find(key)?.Origin ?? value.Origin;

    public void RefuseAllBut(params IReadOnlyCollection<string> known)
    {
        foreach (var key in value.Keys.Except(known, StringComparer.Ordinal))
        {
            problems.Add(value.KeyOrigin(key), KeyOf(key), "unknown key", Unknown.Cure(key, known));
        }
    }

    /// <summary>Where any key is allowed: refuses one that is not known and looks like a known one.</summary>
    public void RefuseLikenesses(IReadOnlyCollection<string> known)
    {
        foreach (var key in value.Keys.Except(known, StringComparer.Ordinal))
        {
            if (NearMiss.Find(key, known) is { } meant)
            {
                problems.Add(
                    value.KeyOrigin(key),
                    KeyOf(key),
                    "unknown key",
                    $"did you mean {meant}? A key of your own needs a name less like it"
                );
            }
        }
    }

    public string? ReadText(string key)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        if (found is HoconScalar scalar)
        {
            return scalar.Text;
        }

        Refuse(key, $"expected a string, got {found.Description}", "write it in quotes");
        return null;
    }

    /// <summary>A text that must be there and must not be empty; null when it is not.</summary>
    public string? RequireText(string key, string example) => RequireScalar(key, example)?.Text;

    /// <summary>As <see cref="RequireText"/>, with the places of its characters.</summary>
    public HoconScalar? RequireScalar(string key, string example)
    {
        switch (Find(key))
        {
            case null:
                Refuse(key, "has no value", $"add {key} = {example}");
                return null;
            case HoconScalar { Text: "" }:
                Refuse(key, "is empty", $"write e.g. {key} = {example}");
                return null;
            case HoconScalar scalar:
                return scalar;
            default:
                _ = ReadText(key);
                return null;
        }
    }

    public TimeSpan ReadDuration(string key)
    {
        if (Find(key) is not { } found)
        {
            return TimeSpan.Zero;
        }

        if (found is HoconScalar scalar && HoconDuration.TryParse(scalar.Text, out var duration))
        {
            if (duration < TimeSpan.Zero)
            {
                Refuse(key, $"out of range: {scalar.Text}", "write a duration of 0 or more");
            }

            return duration;
        }

        Refuse(key, $"expected a duration, got {Shown(found)}", "write e.g. 500ms, 30s, 5m, 12h or 7d");
        return TimeSpan.Zero;
    }

    /// <summary>A number from 0 to 100; 0 when there is no such key.</summary>
    public decimal ReadPercent(string key)
    {
        if (Find(key) is not { } found)
        {
            return 0;
        }

        if (
            found is HoconScalar scalar
            && decimal.TryParse(
                scalar.Text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var share
            )
            && share <= 100
        )
        {
            return share;
        }

        Refuse(key, $"expected a number from 0 to 100, got {Shown(found)}", $"write e.g. {key} = 10");
        return 0;
    }

    /// <summary>A whole number within bounds; null when there is no such key.</summary>
    public int? ReadInteger(string key, int least, int most)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        if (
            found is HoconScalar scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
        {
            return number;
        }

        Refuse(
            key,
            $"expected a whole number from {least} to {most}, got {Shown(found)}",
            $"write e.g. {key} = {most}"
        );
        return null;
    }

    /// <summary>One of some words; null when there is no such key, or when it is none of them.</summary>
    public string? ReadWord(string key, IReadOnlyCollection<string> words)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        if (found is HoconScalar scalar && words.Contains(scalar.Text, StringComparer.Ordinal))
        {
            return scalar.Text;
        }

        var cure =
            found is HoconScalar wrong && NearMiss.Find(wrong.Text, words) is { } meant
                ? $"did you mean {meant}?"
                : "write one of these words";
        Refuse(key, $"expected one of {string.Join(", ", words)}, got {Shown(found)}", cure);
        return null;
    }

    public bool ReadBoolean(string key)
    {
        if (Find(key) is not { } found)
        {
            return false;
        }

        switch (found is HoconScalar scalar ? scalar.Text : "")
        {
            case "true" or "yes" or "on":
                return true;
            case "false" or "no" or "off":
                return false;
            default:
                Refuse(key, $"expected true or false, got {Shown(found)}", "write true or false");
                return false;
        }
    }

    /// <summary>The strings in an array; null when there is no such key. What is no string is refused.</summary>
    public IReadOnlyList<string>? ReadTexts(string key, string example)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        if (found is HoconArray array && array.All(static item => item is HoconScalar and not HoconNull))
        {
            return [.. array.Select(static item => ((HoconScalar)item).Text)];
        }

        Refuse(key, $"expected an array of strings, got {found.Description}", $"write {key} = [ {example} ]");
        return [];
    }

    public ObjectReader? ReadObject(string key)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        if (found is HoconObject o)
        {
            return new ObjectReader(KeyOf(key), o, problems);
        }

        Refuse(key, $"expected an object, got {found.Description}", $"write {key} {{ ... }}");
        return null;
    }

    /// <summary>The objects in an array, with their paths; what is no object is refused.</summary>
    public IEnumerable<(string Path, HoconObject Value)> ReadObjects(string key, string example)
    {
        var found = Find(key);
        if (found is not (null or HoconArray))
        {
            Refuse(key, $"expected an array, got {found.Description}", $"write {key} = [ {example} ]");
        }

        var items = found as HoconArray;
        for (var i = 0; i < (items?.Count ?? 0); i++)
        {
            var itemPath = FormattableString.Invariant($"{KeyOf(key)}[{i}]");
            if (items![i] is HoconObject o)
            {
                yield return (itemPath, o);
            }
            else
            {
                problems.Add(
                    items[i].Origin,
                    itemPath,
                    $"expected an object, got {items[i].Description}",
                    $"write {example}"
                );
            }
        }
    }

    private HoconValue? Find(string key) =>
        value.TryGetValue(key, out var found) && found is not HoconNull ? found : null;

    private void Refuse(string key, string problem, string cure) =>
        problems.Add(PlaceOf(key), KeyOf(key), problem, cure);

    /// <summary>What came from the environment may be a secret that was meant for another key.</summary>
    private static string Shown(HoconValue value) =>
        value is HoconScalar scalar && value.Origin.Kind != HoconOriginKind.EnvironmentVariable
            ? $"\"{scalar.Text}\""
            : value.Description;
}
