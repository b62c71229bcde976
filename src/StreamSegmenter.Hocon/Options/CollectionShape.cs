using System.Collections;
using System.Collections.Immutable;

namespace StreamSegmenter.Hocon.Options;

/// <summary>A type that holds a list, or values by name.</summary>
/// <param name="Element">The type of its values.</param>
/// <param name="IsDictionary">Whether values have names.</param>
/// <param name="Create">Makes the collection of names (null for a list) and values.</param>
internal sealed record CollectionShape(
    Type Element,
    bool IsDictionary,
    Func<IReadOnlyList<(string? Name, object? Value)>, object> Create
)
{
    private static readonly Type[] Lists =
    [
        typeof(IReadOnlyList<>),
        typeof(IReadOnlyCollection<>),
        typeof(IEnumerable<>),
        typeof(IList<>),
        typeof(List<>),
    ];

    private static readonly Type[] Dictionaries =
    [
        typeof(IReadOnlyDictionary<,>),
        typeof(IDictionary<,>),
        typeof(Dictionary<,>),
    ];

    /// <summary>The shape of a type, or null when it is not a collection.</summary>
    public static CollectionShape? Of(Type type)
    {
        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            return new CollectionShape(element, IsDictionary: false, items => NewArray(element, items));
        }
        if (!type.IsGenericType)
        {
            return null;
        }
        var (definition, arguments) = (type.GetGenericTypeDefinition(), type.GetGenericArguments());
        if (Lists.Contains(definition))
        {
            return new CollectionShape(arguments[0], IsDictionary: false, items => NewList(arguments[0], items));
        }
        if (definition == typeof(ImmutableArray<>))
        {
            return new CollectionShape(arguments[0], IsDictionary: false, items => NewImmutable(arguments[0], items));
        }
        return Dictionaries.Contains(definition) && arguments[0] == typeof(string)
            ? new CollectionShape(arguments[1], IsDictionary: true, items => NewDictionary(arguments[1], items))
            : null;
    }

    private static Array NewArray(Type element, IReadOnlyList<(string? Name, object? Value)> items)
    {
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            array.SetValue(items[i].Value, i);
        }
        return array;
    }

    private static object NewList(Type element, IReadOnlyList<(string? Name, object? Value)> items)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element), items.Count)!;
        foreach (var (_, value) in items)
        {
            list.Add(value);
        }
        return list;
    }

    private static object NewImmutable(Type element, IReadOnlyList<(string? Name, object? Value)> items) =>
        typeof(CollectionShape)
            .GetMethod(
                nameof(ToImmutable),
                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static
            )!
            .MakeGenericMethod(element)
            .Invoke(null, [NewArray(element, items)])!;

    private static ImmutableArray<T> ToImmutable<T>(T[] items) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(items);

    private static object NewDictionary(Type element, IReadOnlyList<(string? Name, object? Value)> items)
    {
        var type = typeof(Dictionary<,>).MakeGenericType(typeof(string), element);
        var dictionary = (IDictionary)Activator.CreateInstance(type, StringComparer.Ordinal)!;
        foreach (var (name, value) in items)
        {
            dictionary[name!] = value;
        }
        return dictionary;
    }
}
