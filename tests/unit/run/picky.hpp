// A value that cannot always be copied.
#pragma once

#include <stdexcept>

/// Numbered from 0; the third is not to be copied.
struct picky {
    explicit picky(int n) : number(n) {}
    picky(picky&&) = default;
    picky(picky const& other) : number(other.number) {
        if (number == 2) throw std::runtime_error("is not to be copied");
    }
    picky& operator=(picky&&) = default;
    int number;
};
