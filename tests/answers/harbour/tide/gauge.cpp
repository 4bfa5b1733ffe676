#include "gauge.h"

namespace tide {

FloatGauge::FloatGauge(std::string port) : port_(std::move(port)) {}

double FloatGauge::read() { return history_.empty() ? 0.0 : history_.back(); }

void FloatGauge::calibrate(double zero, double scale) {
    for (auto& level : history_) level = (level - zero) * scale;
}

double RadarGauge::read() { return 0.0; }

/// Mean of the levels.
double smooth(const std::vector<double>& levels) {
    double sum = 0;
    for (double level : levels) sum += level;
    return levels.empty() ? 0 : sum / levels.size();
}

}  // namespace tide
